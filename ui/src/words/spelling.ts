/** Small rules of French spelling that labels share. */

/** A moment inside a sentence: `le 18 nov.`, `hier à 18:42`. */
export const on = (moment: string) => (/^\d/.test(moment) ? `le ${moment}` : moment);
export const ended = (sentence: string) => (sentence.endsWith('.') ? sentence : `${sentence}.`);
export const creditNotes = (numbers: readonly string[]) => `${numbers.length > 1 ? 'les avoirs' : 'l’avoir'} ${numbers.join(', ')}`;
export const plural = (count: number, one: string, many = `${one}s`) => `${count}\u00a0${count > 1 ? many : one}`;
