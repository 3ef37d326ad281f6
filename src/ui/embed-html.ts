/** What a frame may do: run scripts, keep work on the device, save files, and lead to the course in a tab of its own. */
const SANDBOX = [
  'allow-scripts',
  'allow-same-origin',
  'allow-downloads',
  'allow-popups',
  'allow-popups-to-escape-sandbox',
];

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The line of HTML that embeds a page of the course. */
export function embedHtml({
  url,
  title,
  height,
}: {
  readonly url: string;
  readonly title: string;
  readonly height: number;
}): string {
  return `<iframe src="${escaped(url)}" title="${escaped(title)}" width="100%" height="${height}" loading="lazy" sandbox="${SANDBOX.join(' ')}" allow="clipboard-write; fullscreen"></iframe>`;
}
