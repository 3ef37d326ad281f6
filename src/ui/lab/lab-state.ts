import {
  type Accessor,
  createContext,
  createSignal,
  onCleanup,
  onMount,
  useContext,
} from 'solid-js';
import type { GradingState } from '../../session/grading.ts';
import type { LabDesk } from '../../session/lab-desk.ts';
import type { CheckedWork, LabProgress } from '../../session/lab-progress.ts';
import { deskOf } from '../../session/page-desks.ts';
import { endSession, sessionOf } from '../../session/page-sessions.ts';
import type { RunRecord } from '../../session/protocol.ts';
import { isLab } from '../../session/run-spec.ts';
import type { Store } from '../../session/store.ts';
import type { Instant } from '../../sim/instant.ts';
import type { FailingSchedule } from '../../soak/failing-schedule.ts';
import { type LabFacts, labFigure } from './lab-facts.ts';

/** What is shown in place of the learner's own run. */
export type Exhibit = RunExhibit | ScheduleExhibit;

/** A run of the lab. */
export interface RunExhibit {
  readonly kind: 'run';
  /** Names its session. */
  readonly figure: string;
  readonly title: string;
  /** What there is to see. */
  readonly words: string;
  readonly record: RunRecord;
  readonly at: Instant;
}

export interface GivenAnswer {
  readonly id: string;
  readonly text: string;
}

/** A schedule of troubles on which her work broke a promise. */
export interface ScheduleExhibit {
  readonly kind: 'schedule';
  readonly title: string;
  readonly words: string;
  readonly schedule: FailingSchedule;
}

export interface LabState {
  readonly facts: LabFacts;
  /** Names the session of the learner's own run. */
  readonly figure: string;
  readonly desk: LabDesk;
  readonly progress: Accessor<LabProgress>;
  /** Her work as it was last checked, if that was in this version of the lab. */
  readonly checkedHere: Accessor<CheckedWork | null>;
  readonly hints: Accessor<number>;
  readonly refusal: Accessor<string | null>;
  readonly grading: Accessor<GradingState>;
  readonly exhibit: Accessor<Exhibit | null>;
  /** Whether answers are on their way to the run: what is checked meanwhile would not have them. */
  readonly giving: Accessor<boolean>;
  /** Gives answers, all at one instant of the run where it can be. */
  give(answers: readonly GivenAnswer[]): Promise<void>;
  /** Shows a run in place of her own, which stands still meanwhile. */
  show(title: string, words: string, record: RunRecord, at: Instant): void;
  /** The same with a schedule. */
  showSchedule(title: string, words: string, schedule: FailingSchedule): void;
  back(): void;
}

export const LabContext = createContext<LabState>();

export function useLab(): LabState {
  const lab = useContext(LabContext);
  if (!lab) throw new Error('outside of a lab');
  return lab;
}

let shown = 0;

export function createLabState(facts: LabFacts): LabState {
  const figure = labFigure(facts.name);
  const desk = deskOf(
    facts.name,
    facts.checks.map(({ id }) => id),
  );
  const [exhibit, setExhibit] = createSignal<Exhibit | null>(null);
  const [giving, setGiving] = createSignal(false);
  const back = () => {
    const before = exhibit();
    setExhibit(null);
    if (before?.kind === 'run') endSession(before.figure);
  };
  const progress = watched(desk.progress);
  const checkedHere = () => {
    const { checked } = progress();
    if (!checked || !isLab(checked.record.spec)) return null;
    return checked.record.spec.version === facts.version ? checked : null;
  };
  onMount(() => void desk.find());
  onCleanup(() => {
    desk.grading.cancel();
    back();
  });
  return {
    facts,
    figure,
    desk,
    progress,
    checkedHere,
    hints: watched(desk.hints),
    refusal: watched(desk.refusal),
    grading: watched(desk.grading.state),
    exhibit,
    giving,
    async give(answers) {
      const act = ({ id, text }: GivenAnswer) =>
        sessionOf(figure).act({ kind: 'answer', id, text });
      const [first, ...others] = answers;
      if (!first) return;
      setGiving(true);
      try {
        // In the past a question comes first, and nothing is given.
        if (await act(first)) await Promise.all(others.map(act));
      } finally {
        setGiving(false);
      }
    },
    show(title, words, record, at) {
      back();
      sessionOf(figure).play(0);
      shown += 1;
      const next: RunExhibit = {
        kind: 'run',
        figure: `${figure}-shown-${shown}`,
        ...{ title, words, record, at },
      };
      const what = `${title} is only shown here. To do something, go back to your own run.`;
      void sessionOf(next.figure).exhibit(record, at, what);
      setExhibit(next);
    },
    showSchedule(title, words, schedule) {
      back();
      sessionOf(figure).play(0);
      setExhibit({ kind: 'schedule', title, words, schedule });
    },
    back,
  };
}

function watched<T>(store: Store<T>): Accessor<T> {
  const [value, set] = createSignal<T>(store.get());
  onMount(() => {
    set(() => store.get());
    onCleanup(store.watch((next) => set(() => next)));
  });
  return value;
}
