/**
 * A click before an island is alive is kept by Solid and done when it is. Solid finds its way by `composedPath()`, which is
 * empty once the browser has delivered the event, so that the click would be lost: here the path is kept with the event.
 */
type Early = readonly [Element, Event];

const keepPath = (event: Event, path: readonly EventTarget[]): void => {
  event.composedPath = () => [...path];
};

function pathFrom(target: EventTarget | null): EventTarget[] {
  const path: EventTarget[] = [];
  for (let node = target as Node | null; node !== null; node = node.parentNode) path.push(node);
  return [...path, window];
}

if (typeof window !== 'undefined') {
  const { events } = (globalThis as { _$HY?: { events: Early[] | null } })._$HY ?? {};
  for (const [, event] of events ?? []) keepPath(event, pathFrom(event.target));
  for (const type of ['click', 'input'])
    document.addEventListener(type, (event) => keepPath(event, event.composedPath()), true);
}
