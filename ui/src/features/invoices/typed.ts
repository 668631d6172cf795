/** Amounts as they are being typed, for a title or a button that repeats them. */
import { plainDecimal, tidyMoney } from '../../format/typed';

/** `120` → `120,00 €`; null while it cannot be read. */
export function typedMoney(text: string): string | null {
  const plain = plainDecimal(text);
  if (plain === null || plain.startsWith('-') || (plain.split('.')[1]?.length ?? 0) > 2) return null;
  return `${tidyMoney(text)}\u00a0€`;
}
