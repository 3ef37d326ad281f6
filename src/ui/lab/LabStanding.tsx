import { createSignal, onMount, Show } from 'solid-js';
import { type LabProgress, passes } from '../../session/lab-progress.ts';
import { isLab } from '../../session/run-spec.ts';

/** How a lab stands on this device, in a few words. Nothing where it was never checked. */
export default function LabStanding(props: { lab: string; version: number }) {
  const [progress, setProgress] = createSignal<LabProgress | null>(null);
  onMount(async () => {
    const { keepsakes } = await import('../../session/keep/page-keep.ts');
    setProgress((await keepsakes.read('lab', props.lab))?.contents ?? null);
  });
  return (
    <Show when={progress()?.checked}>
      {(checked) => {
        const { spec } = checked().record;
        const same = isLab(spec) && spec.version === props.version;
        const passed = passes(checked());
        return (
          <span class="lab-standing" data-passed={passed && same}>
            {passed ? 'passed' : 'tried, not passed yet'}
            {same ? '' : ', in an older version'}
          </span>
        );
      }}
    </Show>
  );
}
