/** What is told where a part of the page, or the engine, did not come through. */
export const BROKEN_OFF = 'The download broke off. Check the network, and try again.';
