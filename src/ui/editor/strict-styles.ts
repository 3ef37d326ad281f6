/**
 * How Monaco keeps to a policy without `unsafe-inline`: the build (`cli/strict-monaco.ts`) puts these functions in the places
 * where it would write a style attribute into HTML, or text into a style element. All of it goes through the CSSOM instead.
 */

/**
 * HTML of Monaco's own making, with its style attributes under another name. Text in it has its `<` and `>` escaped. Where
 * the browser knows trusted types, it is an object.
 */
export const withoutStyles = (html: string | { toString(): string }): string =>
  String(html).replace(/<[^>]*>/g, (tag) => tag.replace(' style="', ' data-style="'));

/** Gives the elements under a node the styles that {@link withoutStyles} has put aside. */
export function applyStyles(node: Element): void {
  for (const element of node.querySelectorAll<HTMLElement | SVGElement>('[data-style]')) {
    element.style.cssText = element.dataset.style ?? '';
    element.removeAttribute('data-style');
  }
}

/** Stands where Monaco would have a style element; what it is told goes into a constructed sheet of the document. */
export function styleElement(): HTMLElement {
  const element = document.createElement('meta');
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  let text = '';
  Object.defineProperties(element, {
    sheet: { value: sheet },
    textContent: {
      get: () => text,
      set: (css: string) => {
        text = css;
        sheet.replaceSync(css);
      },
    },
    remove: {
      value: () => {
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((s) => s !== sheet);
        Element.prototype.remove.call(element);
      },
    },
  });
  return element;
}
