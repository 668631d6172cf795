/** How a kind of document is called on the screen. */
import type { DocumentWord } from '../../ipc/call';
import { words } from '../../words';

const said = words.kinds;

/** Kinds that a person chooses from; a draft that credits keeps its own. */
export const CHOSEN: readonly DocumentWord[] = ['invoice', 'deposit', 'progress', 'final'];

/** A word as the form or an address says it; an ordinary invoice where it says nothing known. */
export function kindOf(word: string | null | undefined): DocumentWord {
  return Object.keys(said.choice).find((kind) => kind === word) as DocumentWord | undefined ?? 'invoice';
}

/** `Situation n° 2`, `Acompte`; nothing for an ordinary invoice. */
export function kindLabel(of: { document: DocumentWord; situation?: number | null }): string {
  if (of.document === 'invoice') return '';
  if (of.document === 'progress' && of.situation) return said.situation(of.situation);
  return said.short[of.document];
}

/** Whether documents of this kind name what they take off. */
export const takesOff = (kind: DocumentWord): kind is 'progress' | 'final' => kind === 'progress' || kind === 'final';

/** Whether a retention and other deductions may stand on it: deposits and credit notes say all they ask for. */
export const mayDeduct = (kind: DocumentWord): boolean => kind !== 'deposit' && kind !== 'credit_note';
