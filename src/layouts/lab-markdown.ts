import { createMarkdownProcessor } from '@astrojs/markdown-remark';

const processor = createMarkdownProcessor({ syntaxHighlight: false });

/** The HTML of a lab's own text, made when the site is built. */
export async function labMarkdown(text: string): Promise<string> {
  return (await (await processor).render(text)).code;
}

/** The same for a single line: without a paragraph around it. */
export async function labLine(text: string): Promise<string> {
  return (await labMarkdown(text)).trim().replace(/^<p>(.*)<\/p>$/s, '$1');
}
