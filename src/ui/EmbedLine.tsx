import { createSignal, lazy, Show, Suspense } from 'solid-js';
import './embed-line.css';

const EmbedCopy = lazy(async () => ({ default: (await import('./EmbedCopy.tsx')).EmbedCopy }));

/** One line of HTML that shows a figure or a lab in somebody else's page. */
export function EmbedLine(props: {
  /** Where it stands alone, below the site's base. */
  path: string;
  title: string;
  /** As high as it is with a cluster at work, in CSS pixels. */
  height: number;
}) {
  const [opened, setOpened] = createSignal(false);
  return (
    <details
      class="embed-line"
      onToggle={({ currentTarget }) => currentTarget.open && setOpened(true)}
    >
      <summary>Embed</summary>
      <p>Shows this alone, in a page of your own: a wiki, a blog, a course.</p>
      <Show when={opened()}>
        <Suspense>
          <EmbedCopy {...props} />
        </Suspense>
      </Show>
    </details>
  );
}
