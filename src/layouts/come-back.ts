import { agendaFrom } from '../session/keep/come-back.ts';
import { keepsakes } from '../session/keep/page-keep.ts';
import { questionsInWords } from '../ui/review/review-words.ts';

/** On the home page: the way to questions that were missed, on a day on which some are due. */
async function offerToComeBack(place: HTMLElement): Promise<void> {
  const known = (place.dataset.questions ?? '').split(' ');
  const { due } = agendaFrom(await keepsakes.list('quiz'), known, new Date().toISOString());
  const link = place.querySelector('a');
  if (due.length === 0 || !link) return;
  link.textContent = `${questionsInWords(due.length)} that you missed`;
  place.hidden = false;
}

const place = document.querySelector<HTMLElement>('[data-come-back]');
if (place) void offerToComeBack(place);
