import { createSignal, createUniqueId, For, type JSX, Show, Suspense } from 'solid-js';

export interface PanelSpec {
  readonly id: string;
  readonly title: string;
  readonly content: () => JSX.Element;
}

/**
 * Panels one at a time, behind tabs, or all at once where there is room. A panel is made when it is first opened, and the
 * page fetches nothing for it before.
 */
export function Panels(props: { panels: readonly PanelSpec[]; all: boolean; label: string }) {
  const base = createUniqueId();
  const [open, setOpen] = createSignal<string | null>(null);
  const openId = () => {
    const chosen = props.panels.find(({ id }) => id === open());
    return (chosen ?? props.panels[0])?.id ?? '';
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = props.panels.findIndex(({ id }) => id === openId());
    const next = props.panels[(at + step + props.panels.length) % props.panels.length];
    if (!next) return;
    setOpen(next.id);
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <div class="panels" data-all={props.all}>
      <Show
        when={props.all}
        fallback={
          <>
            <div class="tabs" role="tablist" aria-label={props.label} onKeyDown={onKeyDown}>
              <For each={props.panels}>
                {({ id, title }) => (
                  <button
                    type="button"
                    role="tab"
                    id={`${base}-tab-${id}`}
                    data-tab={id}
                    aria-selected={openId() === id}
                    aria-controls={openId() === id ? `${base}-${id}` : undefined}
                    tabindex={openId() === id ? 0 : -1}
                    onClick={() => setOpen(id)}
                  >
                    {title}
                  </button>
                )}
              </For>
            </div>
            <For each={props.panels}>
              {({ id, content }) => (
                <Show when={openId() === id}>
                  <div
                    class="panel"
                    role="tabpanel"
                    id={`${base}-${id}`}
                    data-panel={id}
                    aria-labelledby={`${base}-tab-${id}`}
                  >
                    <Suspense fallback={<p class="hint">One moment…</p>}>{content()}</Suspense>
                  </div>
                </Show>
              )}
            </For>
          </>
        }
      >
        <For each={props.panels}>
          {({ id, title, content }) => (
            <section class="panel" data-panel={id} aria-label={title}>
              <h3>{title}</h3>
              <Suspense fallback={<p class="hint">One moment…</p>}>{content()}</Suspense>
            </section>
          )}
        </For>
      </Show>
    </div>
  );
}
