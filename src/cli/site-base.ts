/**
 * The path that the site is served under: it starts with a slash and ends without one, save for `/`
 * itself. People write `wiki`, `/wiki/` and `/wiki`, and all of them mean the same folder.
 */
export function siteBase(path: string | undefined): string {
  return `/${(path ?? '').split('/').filter(Boolean).join('/')}`;
}
