import { createMemo, createSignal, For, lazy, onMount, Show, Suspense } from 'solid-js';
import { whyUnfit } from '../../session/keep/earlier-run.ts';
import type { Keepsake } from '../../session/keep/keepsake.ts';
import { keepsakes } from '../../session/keep/page-keep.ts';
import { progressText } from '../../session/keep/progress-file.ts';
import { runFileName } from '../../session/run-file.ts';
import { download } from '../download.ts';
import { DeviceStorage } from './DeviceStorage.tsx';
import { chapterInWords, Kept, labInWords } from './standing.ts';
import { WorkFile } from './WorkFile.tsx';
import type { FigurePlace, WorkOutline } from './work-outline.ts';
import './work.css';

const EarlierItem = lazy(async () => ({
  default: (await import('../EarlierItem.tsx')).EarlierItem,
}));
const ComeBack = lazy(async () => ({ default: (await import('./ComeBack.tsx')).ComeBack }));

/** All that this device keeps of a learner's work: where it stands, and how it is taken away, brought back or deleted. */
export default function YourWork(props: { outline: WorkOutline }) {
  const [kept, setKept] = createSignal<Kept | null>(null);
  const load = async () => {
    setKept(new Kept(await keepsakes.list()));
  };
  onMount(() => void load());
  const known = () => kept() ?? new Kept([]);
  const bytes = createMemo(() => new Blob([progressText(known().all, '')]).size);
  const remove = async ({ of }: Keepsake) => {
    await keepsakes.forget('earlier', of);
    await load();
  };
  const rows = () => [
    ...props.outline.chapters.map((chapter) => ({
      ...chapter,
      title: `${chapter.number}. ${chapter.title}`,
      words: chapterInWords(chapter, known()),
    })),
    ...props.outline.labs.map((lab) => ({
      ...lab,
      title: `Lab: ${lab.title}`,
      words: labInWords(lab, known()),
    })),
  ];
  return (
    <div class="work">
      <ul class="work-list" aria-busy={kept() === null}>
        <For each={rows()}>{(row) => <Row place={row} words={row.words} />}</For>
      </ul>
      <Show when={kept()}>
        {(all) => (
          <Suspense>
            <ComeBack
              kept={all()}
              questions={props.outline.chapters.flatMap(({ questions }) => questions)}
              href={props.outline.review}
            />
          </Suspense>
        )}
      </Show>
      <WorkFile
        outline={props.outline}
        imports={known().of('replaced').toReversed()}
        changed={load}
      />
      <Show when={known().of('earlier').length > 0}>
        <section class="earlier" aria-labelledby="earlier">
          <h2 id="earlier">Earlier work</h2>
          <p>
            Runs that something else has taken the place of. They open on the page of their figure
            or lab.
          </p>
          <ul>
            <Suspense>
              <For each={known().of('earlier').toReversed()}>
                {(run) => (
                  <EarlierItem
                    run={{ ...run.contents, of: run.of, savedAt: run.savedAt, unfit: damage(run) }}
                    place={placeOf(run)}
                    take={() => download(runFileName(figureOf(run)), run.contents.text)}
                    remove={() => void remove(run)}
                  />
                )}
              </For>
            </Suspense>
          </ul>
        </section>
      </Show>
      <DeviceStorage bytes={bytes()} changed={load} />
    </div>
  );

  function placeOf(run: Keepsake<'earlier'>): FigurePlace {
    const figure = figureOf(run);
    return props.outline.figures[figure] ?? { title: figure, href: '#earlier' };
  }
}

function Row(props: { place: FigurePlace; words: readonly string[] }) {
  return (
    <li data-begun={props.words.length > 0}>
      <a href={props.place.href}>{props.place.title}</a>
      <p>{props.words.length > 0 ? props.words.join(' · ') : 'not begun'}</p>
    </li>
  );
}

const figureOf = ({ of }: Keepsake<'earlier'>): string => of.slice(0, of.lastIndexOf('/'));

/** What this edition cannot replay at all, on whatever page. */
const damage = ({ contents }: Keepsake<'earlier'>): string | null => whyUnfit(contents.text, null);
