/** A place where the words were found: a section of a page, or the page itself. */
export interface Finding {
  readonly url: string;
  readonly title: string;
  /** The page that the section stands in. */
  readonly where: string;
  /** HTML: text, and `<mark>` around the words. */
  readonly excerpt: string;
}

interface Pagefind {
  options(options: { baseUrl: string }): Promise<void>;
  search(words: string): Promise<{ readonly results: readonly { data(): Promise<PageFound> }[] }>;
}

interface PageFound {
  readonly url: string;
  readonly excerpt: string;
  readonly meta: { readonly title: string; readonly where?: string };
  readonly sub_results: readonly {
    readonly title: string;
    readonly url: string;
    readonly excerpt: string;
    readonly weighted_locations: readonly { readonly balanced_score: number }[];
  }[];
}

/** How much of what was sought stands in a section. */
const score = ({ weighted_locations }: PageFound['sub_results'][number]): number =>
  weighted_locations.reduce((sum, { balanced_score }) => sum + balanced_score, 0);

const base = import.meta.env.BASE_URL.replace(/\/?$/, '/');
/** The best places of a page; more of one page would hide the others. */
const OF_A_PAGE = 4;

let loading: Promise<Pagefind> | null = null;

async function load(): Promise<Pagefind> {
  const pagefind: Pagefind = await import(/* @vite-ignore */ `${base}pagefind/pagefind.js`);
  await pagefind.options({ baseUrl: base });
  return pagefind;
}

/** @throws where the index cannot be fetched; the next call tries again. */
export async function findings(words: string, most: number): Promise<readonly Finding[]> {
  loading ??= load();
  const pagefind = await loading.catch((error) => {
    loading = null;
    throw error;
  });
  const { results } = await pagefind.search(words);
  const pages = await Promise.all(results.slice(0, most).map((result) => result.data()));
  return pages.flatMap(findingsOfPage).slice(0, most);
}

function findingsOfPage({ url, excerpt, meta, sub_results }: PageFound): readonly Finding[] {
  const where = [meta.where, meta.title].filter(Boolean).join(' · ');
  const best = [...sub_results].sort((a, b) => score(b) - score(a));
  const sections = best.length > 0 ? best : [{ title: meta.title, url, excerpt }];
  return sections.slice(0, OF_A_PAGE).map((section) => ({
    url: section.url,
    title: section.title,
    excerpt: section.excerpt,
    where: section.title === meta.title ? (meta.where ?? '') : where,
  }));
}
