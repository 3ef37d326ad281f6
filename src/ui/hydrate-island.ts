import { type Component, createComponent, Suspense } from 'solid-js';
import { hydrate } from 'solid-js/web';

/**
 * How Astro brings an island to life, in place of `@astrojs/solid-js/client.js`. That one makes a store of the props, so that
 * a router which keeps the page may change them. Here each page is loaded anew, so props are what the page says, and the store
 * (2.3 KB gzip on every page) is left out. All islands are rendered with the site, and none has slots.
 */
export default (element: HTMLElement) =>
  (island: Component<Record<string, unknown>>, props: Record<string, unknown>): void => {
    if (!element.hasAttribute('ssr')) return;
    if (element.querySelector('astro-slot')) throw new Error('an island is given its props alone');
    // The site is rendered with the same Suspense around it.
    const inSuspense = () =>
      createComponent(Suspense, {
        get children() {
          return createComponent(island, props);
        },
      });
    hydrate(inSuspense, element, { renderId: element.dataset.solidRenderId ?? '' });
  };
