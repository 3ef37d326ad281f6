import { createMemo, createSignal, For, Show } from 'solid-js';
import {
  type PlacementAnswers,
  type PlacementQuestion,
  suggestionFrom,
} from '../../course/placement.ts';
import type { RouteId } from '../../course/plan.ts';

/** A place to be led to; `href` is null while it is to come. */
export interface PlaceOfCourse {
  readonly title: string;
  readonly href: string | null;
}

/** Where the suggestion may lead: routes by id, chapters by slug, sections of the primer by heading, and the list of labs. */
export interface PlacesOfCourse {
  readonly routes: Readonly<Record<RouteId, PlaceOfCourse>>;
  readonly chapters: Readonly<Record<string, PlaceOfCourse>>;
  readonly sections: Readonly<Record<string, PlaceOfCourse>>;
  readonly labs: string;
}

/** A route and a place to begin, with the reasons for both. */
export function Suggested(props: {
  questions: readonly PlacementQuestion[];
  answers: PlacementAnswers;
  places: PlacesOfCourse;
}) {
  const suggestion = createMemo(() => suggestionFrom(props.questions, props.answers));
  const route = () => props.places.routes[suggestion().route];
  const chapter = () => {
    const taughtIn = suggestion().chapter?.taughtIn;
    return taughtIn && 'chapter' in taughtIn ? props.places.chapters[taughtIn.chapter] : null;
  };
  const section = ({ taughtIn }: { taughtIn: object }) =>
    'section' in taughtIn ? props.places.sections[String(taughtIn.section)] : undefined;
  return (
    <>
      <h3>
        Your way: <Linked place={route()} />
      </h3>
      <p>
        Because you said:{' '}
        <For each={suggestion().because}>
          {(words, i) => (
            <>
              {i() > 0 && ' · '}“{words}”
            </>
          )}
        </For>
      </p>
      <FollowRoute route={suggestion().route} title={route().title} />
      <h3>
        <Show when={suggestion().sections.length > 0} fallback="You may skip the primers">
          Begin in this chapter
        </Show>
      </h3>
      <Show when={suggestion().sections.length > 0}>
        <ul>
          <For each={suggestion().sections}>
            {(missed) => (
              <li>
                <Linked place={section(missed)} />: {missed.why}
              </li>
            )}
          </For>
        </ul>
      </Show>
      <h3>{suggestion().sections.length > 0 ? 'Then go on with' : 'Begin with'}</h3>
      <p>
        <Show
          when={chapter()}
          fallback={
            <>
              <a href={props.places.labs}>the labs</a>: you knew what the first three chapters ask.
              Read where a check tells you something new.
            </>
          }
        >
          <Linked place={chapter() ?? undefined} />: {suggestion().chapter?.why}
        </Show>
      </p>
      <p class="soft">
        You knew {suggestion().known.length} of{' '}
        {props.questions.filter(({ kind }) => kind === 'knowledge').length}. It is a suggestion: all
        of the course is open.
      </p>
    </>
  );
}

function Linked(props: { place: PlaceOfCourse | undefined }) {
  return (
    <Show when={props.place?.href} fallback={<strong>{props.place?.title} (coming)</strong>}>
      {(href) => <a href={href()}>{props.place?.title}</a>}
    </Show>
  );
}

/** Chooses the route in the list of contents, as a press there would. */
function FollowRoute(props: { route: RouteId; title: string }) {
  const [said, setSaid] = createSignal('');
  const follow = () => {
    const choice = document.querySelector<HTMLInputElement>(
      `#contents input[name="route"][value="${props.route}"]`,
    );
    if (!choice) return;
    choice.click();
    setSaid(`The contents show the chapters of “${props.title}”.`);
  };
  return (
    <div class="placement-end">
      <button type="button" class="act" onClick={follow}>
        Show this way in the contents
      </button>
      <p role="status">{said()}</p>
    </div>
  );
}
