// Runs before the first paint, so that a page kept dark never flashes white. It is a file of its
// own, and no module, because the Content-Security-Policy allows no inline script.
(() => {
  const key = 'standby.theme';
  const root = document.documentElement;
  const systemDark = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : systemDark.matches);

  // Storage may be refused altogether; the page then follows the system, and the button still works.
  const kept = (() => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  })();
  if (kept === 'dark' || kept === 'light') root.dataset.theme = kept;

  addEventListener('DOMContentLoaded', () => {
    const button = document.querySelector('[data-theme-toggle]');
    // An embedded figure has none: it follows the choice made in the course, or the system.
    if (!button) return;
    const show = () => button.setAttribute('aria-pressed', String(isDark()));
    button.hidden = false;
    show();
    systemDark.addEventListener('change', show);
    button.addEventListener('click', () => {
      root.dataset.theme = isDark() ? 'light' : 'dark';
      try {
        localStorage.setItem(key, root.dataset.theme);
      } catch {}
      show();
    });
  });
})();
