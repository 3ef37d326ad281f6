/**
 * The nodes of an excerpt. Pagefind gives HTML, of which only the marks around the words found are taken: the rest becomes
 * text, whatever it is. A parsed document that is not shown runs nothing and fetches nothing.
 */
export function excerptNodes(html: string): readonly Node[] {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  return [...body.childNodes].map((node) => {
    if (node.nodeName !== 'MARK') return document.createTextNode(node.textContent ?? '');
    const mark = document.createElement('mark');
    mark.textContent = node.textContent;
    return mark;
  });
}
