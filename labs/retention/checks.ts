import type { Evidence, Finding } from '../../src/grading/evidence.ts';
import { longestStall } from '../../src/grading/stall.ts';
import { clock, fail, type Judge, pass } from '../../src/grading/verdict.ts';
import { ms, toMs } from '../../src/sim/instant.ts';

const MOST = ms(200);
/** Rows of November when the learner took over. */
const NOVEMBER = 720;

const found = ({ found: all, takenOverAt }: Evidence, id: string): Finding =>
  all[id] ?? { at: takenOverAt, rows: [], error: null };

const windowRolls: Judge = (evidence) => {
  const february = found(evidence, 'february');
  const [home, isDefault, rows] = february.rows[0] ?? [];
  if (home === undefined)
    return fail(february.at, 'supply_deliveries has no row of February 2026 at all.');
  if (isDefault === 't')
    return fail(
      february.at,
      `${rows} rows of February lie in the DEFAULT partition, ${home}: February has no place of its own.`,
    );
  const november = found(evidence, 'november');
  if (found(evidence, 'pending').rows[0]?.[0] === 't')
    return fail(
      november.at,
      'November’s detaching is pending: its second transaction has not come to an end. FINALIZE completes it.',
    );
  return november.rows[0]?.[0] === 't'
    ? fail(november.at, 'November 2025 is still a partition of supply_deliveries.')
    : pass(`February lies in ${home}, and November is out.`);
};

const kept: Judge = (evidence) => {
  const november = found(evidence, 'november');
  if (november.error !== null)
    return fail(november.at, `deliveries_2025_11 is gone: ${november.error.message}.`);
  const rows = Number(november.rows[0]?.[1] ?? 0);
  if (rows !== NOVEMBER)
    return fail(november.at, `November had ${NOVEMBER} rows; deliveries_2025_11 has ${rows}.`);
  const slips = new Set(found(evidence, 'slips').rows.map(([key]) => Number(key)));
  const lost = evidence.requests.find(
    ({ kind, outcome, key }) => kind === 'write' && outcome === 'acknowledged' && !slips.has(key),
  );
  return lost
    ? fail(
        lost.answeredAt ?? november.at,
        `Slip ${lost.key} of ${lost.client} was acknowledged at ${clock(lost.answeredAt ?? november.at)}, and supply_deliveries does not have it.`,
      )
    : pass(`November has its ${NOVEMBER} rows, and all ${slips.size} slips are there.`);
};

const noStall: Judge = (evidence) => {
  const writes = evidence.requests.filter(({ kind }) => kind === 'write');
  const refused = writes.find(
    ({ error, sentAt }) => error !== null && sentAt >= evidence.takenOverAt,
  );
  if (refused?.error)
    return fail(
      refused.sentAt,
      `${refused.client} was told at ${clock(refused.answeredAt ?? refused.sentAt)}: ${refused.error.sqlstate} ${refused.error.message}.`,
    );
  const stall = longestStall({ ...evidence, requests: writes }, MOST);
  if (stall === null) return pass('No writer was refused, and none took more than 200 ms.');
  const behind = stall.behind === null ? '' : ` What you had sent before it: “${stall.behind}”.`;
  return fail(
    stall.request.sentAt,
    `A request of ${stall.request.client}, sent at ${clock(stall.request.sentAt)}, took ${Math.round(toMs(stall.length))} ms.${behind}`,
  );
};

export const judges = { window: windowRolls, kept, 'no-stall': noStall };
