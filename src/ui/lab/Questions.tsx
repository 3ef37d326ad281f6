import {
  createSignal,
  createUniqueId,
  For,
  lazy,
  Match,
  onMount,
  Show,
  Suspense,
  Switch,
} from 'solid-js';
import type { Asked } from '../../cluster/asked.ts';
import { currentAnswer, type Question, whyNoAnswer } from '../../lab/answers.ts';
import { carried } from '../../lab/gset.ts';
import { drafts } from '../../session/keep/page-drafts.ts';
import { shownNow } from '../../session/snapshot.ts';
import { Answer } from '../Answer.tsx';
import { SqlEditor } from '../editor/SqlEditor.tsx';
import { useFigure } from '../figure-session.ts';
import { clockTime } from '../time-words.ts';
import { asStatement } from './asked-statement.ts';
import { ChoiceSheet } from './ChoiceSheet.tsx';
import { Choices } from './Choices.tsx';
import { Inline } from './Inline.tsx';
import { useLab } from './lab-state.ts';
import { QUESTIONS } from './lab-words.ts';

type Of<K extends Question['kind']> = Extract<Question, { kind: K }>;

const RouterAnswer = lazy(async () => ({
  default: (await import('./router/RouterAnswer.tsx')).RouterAnswer,
}));

const YmlAnswer = lazy(async () => ({
  default: (await import('./patroni-yml/YmlAnswer.tsx')).YmlAnswer,
}));

/** More choices than this are given at once, on one sheet. */
const A_FEW = 3;

/** The questions of a lab. An answer is given at an instant of the run, as everything that is done. */
export function Questions() {
  const { facts } = useLab();
  const choices = facts.questions.flatMap((one) => (one.kind === 'choice' ? [one] : []));
  const alone = facts.questions.filter(({ kind }) => kind !== 'choice' || choices.length <= A_FEW);
  return (
    <section class="questions" id={QUESTIONS} aria-label="Questions">
      <h2>{facts.questions.length === 1 ? 'Your answer' : 'Your answers'}</h2>
      <Show when={choices.length > A_FEW}>
        <ChoiceSheet questions={choices} />
      </Show>
      <For each={alone}>{(question) => <QuestionForm question={question} />}</For>
    </section>
  );
}

function QuestionForm(props: { question: Question }) {
  const { facts, figure, give: giveAll } = useLab();
  const { pick } = useFigure(figure);
  const group = createUniqueId();
  const { question } = props;
  const given = pick(
    (s) =>
      s.record?.actions.findLast(
        ({ action }) => action.kind === 'answer' && action.id === question.id,
      ) ?? null,
  );
  const answers = pick((s) =>
    (s.record?.actions ?? []).flatMap(({ action }) => (action.kind === 'answer' ? [action] : [])),
  );
  const answerTo = (id: string) => currentAnswer(facts.questions, answers(), id);
  const standing = () => answerTo(question.id);
  const [text, setText] = createSignal(question.kind === 'number' ? '' : (question.initial ?? ''));
  const [why, setWhy] = createSignal<string | null>(null);
  const draft = `answer ${question.id}`;
  onMount(async () => {
    const typed = await drafts.read(figure, draft);
    setText(typed || standing() || text());
  });
  const type = (value: string) => {
    setText(value);
    setWhy(null);
    drafts.write(figure, draft, value);
  };
  const give = async (event: SubmitEvent) => {
    event.preventDefault();
    const refused =
      text().trim() === ''
        ? 'there is nothing to give yet'
        : whyNoAnswer(facts.questions, question.id, text());
    setWhy(refused);
    if (refused === null) await giveAll([{ id: question.id, text: text() }]);
  };
  return (
    <form class="question" onSubmit={(event) => void give(event)}>
      <Switch>
        <Match when={question.kind === 'sql' && question}>
          {(sql) => <SqlAnswer question={sql()} text={text()} onChange={type} />}
        </Match>
        <Match when={question.kind === 'choice' && question}>
          {(choice) => <Choices question={choice()} group={group} text={text()} onChange={type} />}
        </Match>
        <Match when={question.kind === 'router' && question}>
          {(router) => (
            <Suspense>
              <RouterAnswer question={router()} text={text()} onChange={type} />
            </Suspense>
          )}
        </Match>
        <Match when={question.kind === 'patroni-yml' && question}>
          {(yml) => (
            <Suspense>
              <YmlAnswer
                question={yml()}
                route={answerTo(yml().route)}
                text={text()}
                onChange={type}
              />
            </Suspense>
          )}
        </Match>
        <Match when={question.kind === 'number' && question}>
          {(number) => (
            <NumberField question={number()} field={group} text={text()} onChange={type} />
          )}
        </Match>
      </Switch>
      <div class="tool-row">
        <button type="submit" class="act primary">
          Give this answer
        </button>
        <p class="given" role="status">
          <Show
            when={why()}
            fallback={
              <Show when={given()} fallback="Not given yet.">
                {(entry) =>
                  `Given at ${clockTime(entry().at)}${standing() === text() ? '.' : ': what stands above is another one.'}`
                }
              </Show>
            }
          >
            {(reason) => <>This cannot be given: {reason()}.</>}
          </Show>
        </p>
      </div>
    </form>
  );
}

interface FieldProps<K extends Question['kind']> {
  question: Of<K>;
  text: string;
  onChange: (text: string) => void;
}

function SqlAnswer(props: FieldProps<'sql'>) {
  const { facts, figure } = useLab();
  const { session, snapshot } = useFigure(figure);
  const [asked, setAsked] = createSignal<{ sql: string; answer: Asked } | null>(null);
  const [busy, setBusy] = createSignal(false);
  const ask = async () => {
    const sql = props.text;
    if (sql.trim() === '' || busy()) return;
    setBusy(true);
    const given = (snapshot().record?.actions ?? []).flatMap(({ action }) =>
      action.kind === 'answer' ? [action] : [],
    );
    const filled = await carried(facts.questions, given, props.question.id, sql, (node, first) =>
      session.ask(node, first),
    );
    setAsked({ sql: filled, answer: await session.ask(props.question.node, filled) });
    setBusy(false);
  };
  return (
    <>
      <h3>
        <Inline text={props.question.ask} />
      </h3>
      <Rules question={props.question} />
      <SqlEditor
        label={props.question.ask}
        value={props.text}
        onChange={props.onChange}
        onRun={() => void ask()}
        placeholder="select … ;"
        rows={6}
      />
      <div class="tool-row">
        <button type="button" class="act" disabled={busy()} onClick={() => void ask()}>
          Try it on {props.question.node}
        </button>
        <span class="soft">A copy answers: nothing of your run changes.</span>
      </div>
      <div class="tried" aria-live="polite">
        <Show when={asked()} keyed>
          {({ sql, answer }) => (
            <Answer
              statement={asStatement(props.question.node, sql, answer, shownNow(snapshot()))}
              now={shownNow(snapshot())}
              standing={false}
            />
          )}
        </Show>
      </div>
    </>
  );
}

/** By what rules the rows are compared: said before, not after. */
function Rules(props: { question: Of<'sql'> }) {
  return (
    <p class="soft">
      {props.question.result.rows} Columns, in this order:{' '}
      <For each={props.question.result.columns}>
        {(column, i) => (
          <>
            {i() > 0 ? ', ' : ''}
            <code>{column.name}</code> ({column.type})
          </>
        )}
      </For>
      . {props.question.result.order === 'any' ? 'Rows in any order.' : 'The order of rows counts.'}{' '}
      Values are compared, never the text of a query.
    </p>
  );
}

function NumberField(props: FieldProps<'number'> & { field: string }) {
  return (
    <div class="tool-row">
      <label for={props.field}>
        <Inline text={props.question.ask} />
      </label>
      <input
        id={props.field}
        type="number"
        step="any"
        min={props.question.min}
        max={props.question.max}
        value={props.text}
        onInput={(event) => props.onChange(event.currentTarget.value)}
      />
      <Show when={props.question.unit}>{(unit) => <span>{unit()}</span>}</Show>
    </div>
  );
}
