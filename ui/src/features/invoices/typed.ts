/** Amounts as they are being typed, for a title or a button that repeats them. */
import { formatMoney } from '../../format/money';
import { plainDecimal } from '../../format/typed';

/** `120,5` → 12050 cents; null while it cannot be read. */
export function typedCents(text: string): number | null {
  const plain = plainDecimal(text);
  if (plain === null || plain.startsWith('-')) return null;
  const [whole = '', fraction = ''] = plain.split('.');
  return fraction.length > 2 ? null : Number(`${whole}${fraction.padEnd(2, '0')}`);
}

/** `120` → `120,00 €`; null while it cannot be read. */
export function typedMoney(text: string): string | null {
  const cents = typedCents(text);
  return cents === null ? null : formatMoney(cents);
}
