/** The registry of keyboard shortcuts. The last one registered for a key answers; single letters act only outside fields. */
import { words } from '../words';

type Entry = { keys: string; run: (event: KeyboardEvent) => void; inDialogs: boolean };

const entries: Entry[] = [];
const KEYS: Record<string, string> = { ...words.key, ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' };

export const isMac = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform);

/** `Ctrl+N` → `Ctrl N`, or `⌘ N` on macOS; names of keys in French. */
export function keyLabel(keys: string, mac = isMac): string {
  return keys
    .split('+')
    .map((key) => (key === 'Ctrl' && mac ? '⌘' : key === 'Shift' ? 'Maj' : (KEYS[key] ?? key)))
    .join(' ');
}

/** Registers `keys` (`Ctrl+N`, `F5`, `/`, `E`, `Escape`); the answer takes it back, as an effect's return does. */
export function shortcut(
  keys: string,
  run: (event: KeyboardEvent) => void,
  options: { inDialogs?: boolean } = {},
): () => void {
  const entry: Entry = { keys, run, inDialogs: options.inDialogs ?? false };
  entries.push(entry);
  return () => {
    const index = entries.indexOf(entry);
    if (index >= 0) entries.splice(index, 1);
  };
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
}

function pressed(event: KeyboardEvent, mac: boolean): string {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const parts = [];
  if (mac ? event.metaKey : event.ctrlKey) parts.push('Ctrl');
  if (event.altKey) parts.push('Alt');
  // On a French keyboard "/" needs Shift: it counts only beside a letter or a named key.
  if (event.shiftKey && (key.length > 1 || /[A-Z]/.test(key))) parts.push('Shift');
  return [...parts, key].join('+');
}

/** Answers a key press of the window. */
export function answerKey(event: KeyboardEvent, mac = isMac): void {
  if (event.defaultPrevented || event.isComposing) return;
  const keys = pressed(event, mac);
  if (keys.length === 1 && isTyping(event.target)) return;
  const modal = document.querySelector('[role="dialog"][aria-modal="true"], [role="alertdialog"]') !== null;
  const entry = entries.findLast((each) => each.keys === keys && (each.inDialogs || !modal));
  if (!entry) return;
  event.preventDefault();
  entry.run(event);
}
