import { editor } from './monaco.ts';

/** The theme's name; its colours are the page's own, read again whenever the page turns light or dark. */
export const THEME = 'standby';

const systemDark = matchMedia('(prefers-color-scheme: dark)');

function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === 'dark' : systemDark.matches;
}

/** Reads colours as they come out of the style sheets: `light-dark()` resolved, as six hexadecimal digits. */
function readColours<Name extends string>(names: readonly Name[]): Record<Name, string> {
  const probe = document.createElement('span');
  document.body.append(probe);
  const entries = names.map((name) => {
    probe.style.color = `var(--${name})`;
    const channels = getComputedStyle(probe).color.match(/[\d.]+/g) ?? [];
    const hex = channels
      .slice(0, 3)
      .map((c) => Math.round(Number(c)).toString(16).padStart(2, '0'));
    return [name, hex.join('')];
  });
  probe.remove();
  return Object.fromEntries(entries);
}

function applyTheme(): void {
  const c = readColours([
    'ink',
    'ink-soft',
    'accent',
    'alarm',
    'rule',
    'selection',
    'string',
    'ground-raised',
    'ground-sunken',
  ]);
  editor.defineTheme(THEME, {
    base: isDark() ? 'vs-dark' : 'vs',
    inherit: false,
    rules: [
      { token: '', foreground: c.ink },
      { token: 'keyword', foreground: c.accent },
      { token: 'string', foreground: c.string },
      { token: 'comment', foreground: c['ink-soft'], fontStyle: 'italic' },
      { token: 'type.yaml', foreground: c.accent },
      { token: 'predefined', foreground: c.ink },
    ],
    colors: {
      'editor.background': `#${c['ground-raised']}`,
      'editor.foreground': `#${c.ink}`,
      'editorCursor.foreground': `#${c.accent}`,
      'editor.selectionBackground': `#${c.selection}`,
      'editor.findMatchBackground': `#${c.selection}`,
      'editor.findMatchHighlightBackground': `#${c.selection}`,
      'editorLineNumber.foreground': `#${c['ink-soft']}`,
      'editorLineNumber.activeForeground': `#${c['ink-soft']}`,
      'editor.placeholder.foreground': `#${c['ink-soft']}`,
      'editorError.foreground': `#${c.alarm}`,
      'editorWarning.foreground': `#${c.accent}`,
      'editorBracketMatch.background': `#${c.selection}`,
      'editorBracketMatch.border': `#${c.rule}`,
      'editorWidget.background': `#${c['ground-raised']}`,
      'editorWidget.foreground': `#${c.ink}`,
      'editorWidget.border': `#${c.rule}`,
      'editorHoverWidget.background': `#${c['ground-raised']}`,
      'editorHoverWidget.border': `#${c.rule}`,
      'editorSuggestWidget.background': `#${c['ground-raised']}`,
      'editorSuggestWidget.border': `#${c.rule}`,
      'editorSuggestWidget.foreground': `#${c.ink}`,
      'editorSuggestWidget.selectedBackground': `#${c.selection}`,
      'editorSuggestWidget.selectedForeground': `#${c.ink}`,
      'editorSuggestWidget.selectedIconForeground': `#${c.ink}`,
      'editorSuggestWidget.highlightForeground': `#${c.accent}`,
      'editorSuggestWidget.focusHighlightForeground': `#${c.accent}`,
      'list.hoverBackground': `#${c['ground-sunken']}`,
      'list.hoverForeground': `#${c.ink}`,
      'list.focusBackground': `#${c.selection}`,
      'list.focusForeground': `#${c.ink}`,
      'list.highlightForeground': `#${c.accent}`,
      'quickInput.background': `#${c['ground-raised']}`,
      'quickInput.foreground': `#${c.ink}`,
      'quickInputList.focusBackground': `#${c.selection}`,
      'quickInputList.focusForeground': `#${c.ink}`,
      'pickerGroup.foreground': `#${c['ink-soft']}`,
      'input.background': `#${c['ground-raised']}`,
      'input.foreground': `#${c.ink}`,
      'input.border': `#${c['ink-soft']}`,
      'input.placeholderForeground': `#${c['ink-soft']}`,
      'menu.background': `#${c['ground-raised']}`,
      'menu.foreground': `#${c.ink}`,
      'menu.selectionBackground': `#${c.selection}`,
      'menu.selectionForeground': `#${c.ink}`,
      'menu.border': `#${c.rule}`,
      'widget.shadow': '#00000033',
      focusBorder: `#${c.accent}`,
      'scrollbarSlider.background': `#${c['ink-soft']}55`,
      'scrollbarSlider.hoverBackground': `#${c['ink-soft']}88`,
      'scrollbarSlider.activeBackground': `#${c['ink-soft']}aa`,
    },
  });
  editor.setTheme(THEME);
}

let followed = false;

/** Lets all editors of the page have its colours, now and whenever they change. */
export function followTheme(): void {
  if (followed) return;
  followed = true;
  applyTheme();
  systemDark.addEventListener('change', applyTheme);
  new MutationObserver(applyTheme).observe(document.documentElement, {
    attributeFilter: ['data-theme'],
  });
}
