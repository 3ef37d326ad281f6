/** Registers the service worker, tells of new editions, and offers to keep the engine. */
import type { Edition } from '../offline/edition.ts';
import { EngineStore } from '../offline/engine-store.ts';
import { showKeeping } from './offline-panel.ts';

const base = import.meta.env.BASE_URL.replace(/\/?$/, '/');

export async function goOffline(): Promise<void> {
  // Not there where the address is not a secure one or storage is forbidden: then the course is read online.
  const registration = await navigator.serviceWorker
    ?.register(`${base}sw.js`, { scope: base })
    .catch(() => null);
  if (!registration) return;
  announce(registration);
  await navigator.serviceWorker.ready;
  const panel = document.querySelector<HTMLElement>('[data-offline]');
  const answer = await fetch(`${base}edition.json`).catch(() => null);
  if (!panel || !answer?.ok) return;
  const edition: Edition = await answer.json();
  await showKeeping(panel, new EngineStore(edition, caches, fetch.bind(window)));
}

/** Says that a new edition waits. Nothing changes under a page that is open, until its reader wants it. */
function announce(registration: ServiceWorkerRegistration): void {
  const notice = document.querySelector<HTMLElement>('[data-new-edition]');
  const [use, later] = notice?.querySelectorAll('button') ?? [];
  if (!notice || !use || !later) return;
  const show = () => {
    if (registration.waiting && navigator.serviceWorker.controller) notice.hidden = false;
  };
  show();
  registration.addEventListener('updatefound', () => {
    const { installing } = registration;
    installing?.addEventListener('statechange', show);
  });
  later.addEventListener('click', () => {
    notice.hidden = true;
  });
  use.addEventListener('click', () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload());
    registration.waiting?.postMessage('take over');
  });
  // A page that stays open for days asks now and then.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') registration.update().catch(() => {});
  });
}
