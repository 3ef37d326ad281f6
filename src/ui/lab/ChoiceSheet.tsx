import { createSignal, createUniqueId, For, onMount, Show } from 'solid-js';
import { currentAnswer, type Question } from '../../lab/answers.ts';
import { drafts } from '../../session/keep/page-drafts.ts';
import { lastSent, shownNow, shownStatements } from '../../session/snapshot.ts';
import { Answer } from '../Answer.tsx';
import { useFigure } from '../figure-session.ts';
import { Choices } from './Choices.tsx';
import { ChoiceTable } from './ChoiceTable.tsx';
import { useLab } from './lab-state.ts';

export type ChoiceQuestion = Extract<Question, { kind: 'choice' }>;

/** Many questions of one kind, given all at once. Where one is about a statement, a button sends it. */
export function ChoiceSheet(props: { questions: readonly ChoiceQuestion[] }) {
  const { facts, figure, give: giveAll, giving } = useLab();
  const { session, pick } = useFigure(figure);
  const [chosen, setChosen] = createSignal<Readonly<Record<string, string>>>({});
  const group = createUniqueId();
  const standing = pick((s) => {
    const given = (s.record?.actions ?? []).flatMap(({ action }) =>
      action.kind === 'answer' ? [action] : [],
    );
    return Object.fromEntries(
      props.questions.map(({ id }) => [id, currentAnswer(facts.questions, given, id)]),
    );
  });
  const textOf = (id: string) => chosen()[id] ?? standing()[id] ?? '';
  const changed = () =>
    props.questions.filter(({ id }) => textOf(id) !== '' && textOf(id) !== standing()[id]);
  const open = () => props.questions.filter(({ id }) => textOf(id) === '').length;
  onMount(async () => {
    for (const { id } of props.questions) {
      const draft = await drafts.read(figure, `answer ${id}`);
      if (draft) setChosen((now) => ({ ...now, [id]: draft }));
    }
  });
  const choose = (id: string, text: string) => {
    setChosen((now) => ({ ...now, [id]: text }));
    drafts.write(figure, `answer ${id}`, text);
  };
  const give = async (event: SubmitEvent) => {
    event.preventDefault();
    await giveAll(changed().map(({ id }) => ({ id, text: textOf(id) })));
  };
  const choices = (question: ChoiceQuestion) => (
    <Choices
      question={question}
      group={`${group}-${question.id}`}
      text={textOf(question.id)}
      onChange={(text) => choose(question.id, text)}
    />
  );
  return (
    <form class="question choice-sheet" onSubmit={(event) => void give(event)}>
      <ChoiceTable questions={props.questions.filter(({ cell }) => cell)} cell={choices} />
      <For each={props.questions.filter(({ cell }) => !cell)}>
        {(question) => (
          <div class="sheet-row">
            {choices(question)}
            <Show when={question.tries}>
              {(tries) => (
                <>
                  <button
                    type="button"
                    class="act"
                    aria-label={`Run on ${tries().node}: ${tries().sql}`}
                    onClick={() => void session.act({ kind: 'sql', ...tries() })}
                  >
                    Run it on {tries().node}
                  </button>
                  <Told figure={figure} {...tries()} />
                </>
              )}
            </Show>
          </div>
        )}
      </For>
      <div class="tool-row">
        <button type="submit" class="act primary" disabled={changed().length === 0 || giving()}>
          Give these answers
        </button>
        <p class="given" role="status">
          {open() > 0 ? `${open()} of ${props.questions.length} are not answered yet. ` : ''}
          {changed().length > 0
            ? `${changed().length} not given yet.`
            : open() < props.questions.length
              ? 'What stands above is given.'
              : ''}
        </p>
      </div>
    </form>
  );
}

/** What the statement was told when it was sent last. */
function Told(props: { figure: string; node: string; session: string; sql: string }) {
  const { snapshot, pick } = useFigure(props.figure);
  const standing = pick((s) => s.phase === 'running' && s.speed === 0);
  const sent = pick((s) => lastSent(shownStatements(s), props.node, props.session, props.sql));
  return (
    <div class="tried" aria-live="polite">
      <Show when={sent()}>
        {(statement) => (
          <Answer statement={statement()} now={shownNow(snapshot())} standing={standing()} />
        )}
      </Show>
    </div>
  );
}
