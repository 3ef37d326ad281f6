import { type Component, createComponent, Suspense } from 'solid-js';
import { hydrate } from 'solid-js/web';

/**
 * How Astro brings an island to life, in place of `@astrojs/solid-js/client.js`. That one makes a store of the props, so that
 * a router which keeps the page may change them. Here each page is loaded anew, so props are what the page says, and the store
 * (2.3 KB gzip on every page) is left out. All islands are rendered with the site. What a page writes between an island's
 * tags stays where it is; no island has more than one such slot.
 */
export default (element: HTMLElement) =>
  (island: Component<Record<string, unknown>>, props: Record<string, unknown>): void => {
    if (!element.hasAttribute('ssr')) return;
    const children = element.querySelector('astro-slot');
    const given = children ? { ...props, children } : props;
    // The site is rendered with the same Suspense around it.
    const inSuspense = () =>
      createComponent(Suspense, {
        get children() {
          return createComponent(island, given);
        },
      });
    hydrate(inSuspense, element, { renderId: element.dataset.solidRenderId ?? '' });
  };
