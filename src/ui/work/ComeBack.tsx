import { Show } from 'solid-js';
import { agendaFrom, dayOf } from '../../session/keep/come-back.ts';
import { laterInWords, questionsInWords } from '../review/review-words.ts';
import type { Kept } from './standing.ts';

/** Missed questions: how many are due, when the others come, and the way to them. */
export function ComeBack(props: { kept: Kept; questions: readonly string[]; href: string }) {
  const now = new Date().toISOString();
  const agenda = () => agendaFrom(props.kept.of('quiz'), props.questions, now);
  const later = () => laterInWords(agenda(), dayOf(now));
  return (
    <section aria-labelledby="come-back">
      <h2 id="come-back">Come back to</h2>
      <Show
        when={agenda().due.length > 0}
        fallback={<p>{later() ? 'Nothing is due today.' : 'No question that you missed waits.'}</p>}
      >
        <p>
          <a href={props.href}>{questionsInWords(agenda().due.length)} that you missed</a>{' '}
          {agenda().due.length === 1 ? 'is' : 'are'} to be answered today.
        </p>
      </Show>
      <p class="soft">{later() || 'What you miss comes back after 1, 4 and 14 days.'}</p>
    </section>
  );
}
