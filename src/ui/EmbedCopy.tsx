import { createSignal, onMount } from 'solid-js';
import { embedHtml } from './embed-html.ts';

/** The line itself, to be copied. */
export function EmbedCopy(props: {
  /** Where it stands alone, below the site's base. */
  path: string;
  title: string;
  /** As high as it is with a cluster at work, in CSS pixels. */
  height: number;
}) {
  const [html, setHtml] = createSignal('');
  const [copied, setCopied] = createSignal(false);
  let field!: HTMLInputElement;
  onMount(() => {
    const url = new URL(
      `${import.meta.env.BASE_URL.replace(/\/?$/, '/')}${props.path}`,
      location.href,
    );
    setHtml(embedHtml({ url: url.href, title: props.title, height: props.height }));
  });
  const copy = async () => {
    field.select();
    // Refused where the page has no right to the clipboard: then the line is selected, and Ctrl+C takes it.
    setCopied(
      (await navigator.clipboard?.writeText(html()).then(
        () => true,
        () => false,
      )) ?? false,
    );
  };
  return (
    <div class="tool-row">
      <input
        ref={field}
        type="text"
        readonly
        value={html()}
        aria-label="A line of HTML to copy"
        onFocus={() => field.select()}
      />
      <button type="button" class="act" onClick={() => void copy()}>
        Copy
      </button>
      <span role="status">{copied() ? 'Copied.' : ''}</span>
    </div>
  );
}
