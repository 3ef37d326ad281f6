/** How the part of an address that holds a run begins. */
export const LINK_MARK = '#run=';
