import { createMemo, Show } from 'solid-js';
import { isLab } from '../../session/run-spec.ts';
import { shownEvents, shownView } from '../../session/snapshot.ts';
import { useBench } from '../bench-state.ts';
import { bootstrapFigure } from './bootstrap-figure.ts';
import { governedFile } from './governed-file.ts';
import { clusterSnapshot } from './governed-snapshot.ts';
import { PatroniLog } from './PatroniLog.tsx';
import { YmlPanel } from './YmlPanel.tsx';
import './governor.css';

/** Patroni's log of a cluster of real servers. */
export function GovernedLog() {
  const { snapshot: seen } = useBench();
  const snapshot = createMemo(() => {
    const view = shownView(seen());
    return view && clusterSnapshot(view, shownEvents(seen()));
  });
  return (
    <Show when={snapshot()}>
      {(governed) => (
        <div class="governor">
          <PatroniLog snapshot={governed} />
        </div>
      )}
    </Show>
  );
}

/** As `patronictl list` prints it. */
export function GovernedList() {
  const { pick } = useBench();
  const list = pick((s) => shownView(s)?.governor?.list ?? '');
  return (
    <pre class="patronictl" tabindex="0">
      {list()}
    </pre>
  );
}

/** The patroni.yml of all nodes, and a new cluster from it. */
export function GovernedYml(props: { yml: string }) {
  const { figure, session } = useBench();
  const file = governedFile(figure);
  // The machines stay what they are; only the file is another.
  const bootstrap = (text: string) => {
    const { spec } = session.snapshot.get();
    const governor = spec && !isLab(spec) ? spec.governor : null;
    void bootstrapFigure(figure, session, text, governor?.withoutWatchdog);
  };
  return <YmlPanel text={file.text() ?? props.yml} setText={file.setText} bootstrap={bootstrap} />;
}
