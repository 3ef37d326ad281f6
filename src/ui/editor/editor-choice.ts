import { createSignal } from 'solid-js';

/** How a reader wants editors to be; kept on the device. */
export interface EditorChoice {
  /** `null`: the page decides. */
  readonly plain: boolean | null;
  readonly tabIndents: boolean;
  readonly screenReader: boolean;
}

/** What the page can find out about the device. */
export interface EditorDevice {
  /** Its first pointer is a finger. */
  readonly touch: boolean;
  /** Gigabytes, where the browser tells. */
  readonly memory: number | null;
  /** The reader asked to spare data. */
  readonly savesData: boolean;
}

/** A cluster takes half a gigabyte; on smaller devices nothing is left for an editor. */
const LEAST_MEMORY = 4;
const KEY = 'standby.editor';
const UNDECIDED: EditorChoice = { plain: null, tabIndents: false, screenReader: false };

/** Whether a text area is the better field for SQL. */
export function prefersPlain(choice: EditorChoice, device: EditorDevice): boolean {
  if (choice.plain !== null) return choice.plain;
  return device.touch || device.savesData || (device.memory ?? LEAST_MEMORY) < LEAST_MEMORY;
}

/** A kept choice; what cannot be read counts as none. */
export function parseChoice(text: string | null): EditorChoice {
  try {
    const { plain, tabIndents, screenReader } = JSON.parse(text ?? '') as Partial<EditorChoice>;
    return {
      plain: typeof plain === 'boolean' ? plain : null,
      tabIndents: tabIndents === true,
      screenReader: screenReader === true,
    };
  } catch {
    return UNDECIDED;
  }
}

/** Storage may be refused altogether: then the choice holds as long as the page. */
function stored(): EditorChoice {
  try {
    return parseChoice(localStorage.getItem(KEY));
  } catch {
    return UNDECIDED;
  }
}

const [choice, setChoice] = createSignal<EditorChoice>(UNDECIDED);
let read = false;

/** The reader's choice, shared by all editors of a page. Only in the browser. */
export function editorChoice(): EditorChoice {
  if (!read) {
    read = true;
    setChoice(stored());
  }
  return choice();
}

export function chooseEditor(change: Partial<EditorChoice>): void {
  setChoice({ ...choice(), ...change });
  try {
    localStorage.setItem(KEY, JSON.stringify(choice()));
  } catch {
    // It holds as long as the page.
  }
}

interface ToldByChromium {
  readonly deviceMemory?: number;
  readonly connection?: { readonly saveData?: boolean };
}

export function thisDevice(): EditorDevice {
  const { deviceMemory, connection } = navigator as ToldByChromium;
  return {
    touch: matchMedia('(pointer: coarse)').matches,
    memory: deviceMemory ?? null,
    savesData: connection?.saveData === true,
  };
}
