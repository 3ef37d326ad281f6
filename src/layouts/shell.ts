/** The shell's script. All that it does is a comfort: without it every page reads, and every link leads. */
import { offerToGoOn } from './go-on.ts';
import { showProgress } from './progress-marks.ts';
import { followReading } from './reading-place.ts';
import { keepRoute } from './route-choice.ts';
import { offerSearch } from './search-button.ts';

const contents = document.getElementById('contents');
if (contents) {
  keepRoute(contents);
  void followReading(contents);
  void showProgress(contents);
  void offerToGoOn();
  // A link inside the page leads out of the list: it must not stay and cover what it led to.
  addEventListener('hashchange', () => {
    if (contents.matches(':popover-open')) contents.hidePopover();
  });
}

offerSearch();

// What the page needs comes first; then the device is made ready to do without the network.
addEventListener('load', () => {
  const ready = async () => (await import('./offline.ts')).goOffline();
  setTimeout(() => void ready(), 1_000);
});
