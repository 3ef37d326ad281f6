import { browserTabs } from './tabs.ts';

/** This tab among those that have the course open. */
export const tabs = browserTabs();
