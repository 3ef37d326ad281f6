import { ActionButton } from '../ActionButton.tsx';
import DamageButton, { type TableDamage } from './DamageButton.tsx';
import RestoreForm from './RestoreForm.tsx';
import VerifyForm from './VerifyForm.tsx';

/** What the prose lets a reader do about backups. */
export type BackupDeed =
  | { readonly kind: 'backup'; readonly node: string; readonly name: string }
  | {
      readonly kind: 'copyTable';
      readonly node: string;
      readonly from: string;
      readonly table: string;
    }
  | {
      readonly kind: 'restore';
      readonly node: string;
      readonly backup: string;
      readonly conf: string;
    }
  | { readonly kind: 'verifyBackup'; readonly backup: string }
  | ({ readonly kind: 'damageBackup' } & TableDamage);

export default function BackupDeedButton(props: { figure: string; deed: BackupDeed }) {
  const { deed, figure } = props;
  switch (deed.kind) {
    case 'backup':
      return (
        <ActionButton figure={figure} action={deed}>
          Take the base backup “{deed.name}” of {deed.node}
        </ActionButton>
      );
    case 'copyTable':
      return (
        <ActionButton figure={figure} action={deed}>
          pg_dump -t {deed.table} on {deed.from} | psql on {deed.node}
        </ActionButton>
      );
    case 'verifyBackup':
      return <VerifyForm figure={figure} backup={deed.backup} />;
    case 'damageBackup':
      return <DamageButton figure={figure} {...deed} />;
    case 'restore':
      return <RestoreForm figure={figure} node={deed.node} backup={deed.backup} conf={deed.conf} />;
  }
}
