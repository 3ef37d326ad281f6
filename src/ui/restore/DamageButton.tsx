import type { BackupDamage } from '../../cluster/action.ts';
import { useFigure } from '../figure-session.ts';

export interface TableDamage {
  readonly backup: string;
  /** A server that says in which file the table lies. */
  readonly node: string;
  readonly table: string;
  readonly damage: BackupDamage;
  /** What the button says. */
  readonly words: string;
}

/** Something befalls a table's file in a backup. */
export default function DamageButton(props: TableDamage & { figure: string }) {
  const { session } = useFigure(props.figure);
  const damage = async () => {
    const { backup, node, table, damage } = props;
    const { results } = await session.ask(node, `select pg_relation_filepath('${table}')`);
    const file = results[0]?.rows[0]?.[0] ?? table;
    await session.act({ kind: 'damageBackup', backup, file, damage });
  };
  return (
    <button type="button" class="act" onClick={() => void damage()}>
      {props.words}
    </button>
  );
}
