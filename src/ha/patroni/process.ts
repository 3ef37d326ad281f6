/**
 * A Patroni process as a pure machine: `patroni(state, input, at, look)` gives the next state and effects. Its state is data:
 * what it knew when it last had nothing under way, and the inputs since. Its loop is written as generators, which follow
 * Patroni's own source line by line; from the two, the generators' place can be found again at any time.
 */
import type { Instant } from '../../sim/instant.ts';
import type { DynamicConfiguration } from '../configuration.ts';
import { turn } from './cycle.ts';
import { type Identity, type Memory, newMemory } from './memory.ts';
import type { Look, PatroniEffect, PatroniInput } from './port.ts';
import { Run } from './run.ts';

export interface PatroniState {
  readonly identity: Identity;
  /** As it is now. */
  readonly memory: Readonly<Memory>;
  /** As it was when nothing was under way, and what has come in since. */
  readonly resting: Readonly<Memory>;
  readonly restingId: number;
  readonly heard: readonly Heard[];
}

interface Heard {
  readonly input: PatroniInput;
  readonly at: Instant;
  readonly look: Look;
}

export function newPatroni(
  identity: Identity,
  dynamic: DynamicConfiguration,
  at: Instant,
): PatroniState {
  const memory = newMemory(dynamic, at);
  return { identity, memory, resting: memory, restingId: 1, heard: [] };
}

/** Runs that stand where a state stands, so that the inputs before need not be gone through again. */
const runs = new WeakMap<PatroniState, Run>();

export function patroni(
  state: PatroniState,
  input: PatroniInput,
  at: Instant,
  look: Look,
): [PatroniState, readonly PatroniEffect[]] {
  const run = runs.get(state) ?? retrace(state, at, look);
  runs.delete(state);
  const effects = run.step(input, at, look, turn);
  const memory = { ...run.memory };
  const next: PatroniState = run.idle
    ? { ...state, memory, resting: memory, restingId: run.nextId, heard: [] }
    : { ...state, memory, heard: [...state.heard, { input, at, look }] };
  runs.set(next, run);
  return [next, effects];
}

function retrace(
  { identity, resting, restingId, heard }: PatroniState,
  at: Instant,
  look: Look,
): Run {
  const run = new Run(identity, resting, at, look, restingId);
  for (const one of heard) run.step(one.input, one.at, one.look, turn);
  return run;
}
