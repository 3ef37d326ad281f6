import type { Session } from './session.ts';

/** Sends statements one after the other, each when the one before has been answered. */
export async function runInTurn(
  run: Session,
  node: string,
  session: string,
  statements: readonly string[],
): Promise<void> {
  for (const sql of statements) {
    if (!(await run.runSql(node, session, sql))) return;
    await run.snapshot.until(({ statements: all }) =>
      all.every((s) => s.node !== node || s.session !== session || s.state !== 'running'),
    );
  }
}
