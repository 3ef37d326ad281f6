import type { Page } from '@playwright/test';
import type { Bench } from '../../bench/page.ts';
import { median, quantile } from '../../bench/quantile.ts';
import { measureDownloads } from './downloads.ts';
import { atMost, atMostOfStock, type Figure } from './figure.ts';
import { Pages } from './pages.ts';
import { peakRendererMb } from './renderer-memory.ts';

const ROUNDS = 7;
const STANDBY_QUERIES = 60;
const WAL_BYTES = 1_000_000;
const MEMORY_QUERIES = 300;

type InPage = typeof globalThis & { readonly bench: Bench };

/**
 * Times beside stock PGlite's, all in one page, both after download and compilation. The two take turns, so that what
 * else the machine does meets both.
 */
export async function times(bench: Pages): Promise<readonly Figure[]> {
  return bench.look('', async (page) => {
    const load = await page.evaluate(() => (globalThis as InPage).bench.loadEngine());
    const first: number[] = [];
    const stock: number[] = [];
    const ready: number[] = [];
    const answered: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const times = await page.evaluate(() => (globalThis as InPage).bench.stockCreate());
      first.push(times.first);
      stock.push(times.second);
      const cluster = await page.evaluate(() => (globalThis as InPage).bench.clusterReady());
      ready.push(cluster.ready);
      answered.push(cluster.answered);
    }
    const queries = await standbyQueries(page, STANDBY_QUERIES, WAL_BYTES);
    const stockMs = median(stock);
    return [
      atMostOfStock(
        {
          what: 'three-node cluster ready to query, after download (median)',
          budget: 0.15,
          measured: median(ready),
          details: {
            best: quantile(ready, 0),
            allThreeAnswered: median(answered),
            loadAndCompileEngine: load,
            stockBest: quantile(stock, 0),
            stockWithDownloadAndCompile: median(first),
          },
        },
        stockMs,
      ),
      atMostOfStock(
        {
          what: 'standby query at a new LSN, 1 MB of WAL to replay (p95)',
          budget: 0.08,
          measured: quantile(queries.times, 0.95),
          details: { median: median(queries.times), walBytes: queries.walBytes },
        },
        stockMs,
      ),
    ];
  });
}

const standbyQueries = (page: Page, count: number, walBytes: number) =>
  page.evaluate(
    (wanted) => (globalThis as InPage).bench.standbyQueries(wanted.count, wanted.walBytes),
    { count, walBytes },
  );

export async function memory(bench: Pages): Promise<Figure> {
  return bench.look('', async (page) => {
    const measured = await peakRendererMb(() => standbyQueries(page, MEMORY_QUERIES, 0));
    return atMost({
      what: 'three nodes and 300 standby queries at new LSNs: peak memory of the renderers',
      where: 'Chromium',
      unit: 'MB (PSS)',
      budget: 600,
      measured,
    });
  });
}

export async function stopRunaway(bench: Pages): Promise<Figure> {
  const ms = await bench.look('', (page) =>
    page.evaluate(() => (globalThis as InPage).bench.stopRunaway()),
  );
  return atMost({
    what: 'runaway query stopped, run restored',
    where: 'Chromium',
    unit: 's',
    budget: 2,
    measured: ms / 1_000,
  });
}

export async function downloads(): Promise<readonly Figure[]> {
  const course = await Pages.ofCourse();
  try {
    const { reading, starting } = await measureDownloads(course);
    return [
      atMost({
        what: 'engine download (all that a page asks for to start a cluster)',
        where: 'Chromium',
        unit: 'MB (gzip)',
        budget: 6.6,
        measured: (starting.scripts + starting.engine) / 1e6,
        details: { javascript: starting.scripts / 1e6, rest: starting.engine / 1e6 },
      }),
      atMost({
        what: 'chapter page before any engine or editor',
        where: 'Chromium',
        unit: 'KB of JavaScript (gzip)',
        budget: 40,
        measured: (reading.scripts + reading.inline) / 1e3,
        details: { inline: reading.inline / 1e3 },
      }),
    ];
  } finally {
    await course.close();
  }
}
