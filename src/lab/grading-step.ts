/** How far the grading of one seed has come. */
export type GradingStep =
  /** The lab's own start, up to the instant at which the learner takes over. */
  | { readonly kind: 'start' }
  /** Her actions are done again. */
  | { readonly kind: 'work'; readonly done: number; readonly of: number }
  /** Time goes on to where the drill begins. */
  | { readonly kind: 'rest' }
  | { readonly kind: 'drill'; readonly round: string; readonly done: number; readonly of: number }
  | { readonly kind: 'judging' };

/** Told of each step of a grading as it begins. */
export type StepWatcher = (step: GradingStep) => void;
