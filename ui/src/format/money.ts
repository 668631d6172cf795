/** Money as French readers expect it. Amounts come as whole cents; nothing here computes with them. */

const NARROW = '\u202f';
const NO_BREAK = '\u00a0';
const MINUS = '\u2212';

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, NARROW);
}

/** `123456` → `1 234,56`: for table columns whose head bears the euro sign. */
export function formatAmount(cents: number, options: { sign?: boolean } = {}): string {
  if (!Number.isSafeInteger(cents)) throw new RangeError('an amount is a whole number of cents');
  const digits = String(Math.abs(cents)).padStart(3, '0');
  const sign = cents < 0 ? MINUS : options.sign && cents > 0 ? '+' : '';
  return `${sign}${grouped(digits.slice(0, -2))},${digits.slice(-2)}`;
}

/** `123456` → `1 234,56 €`; `sign` writes the plus of money that came in. */
export function formatMoney(cents: number, options: { sign?: boolean } = {}): string {
  return `${formatAmount(cents, options)}${NO_BREAK}€`;
}

/** A whole number with its thousands apart: `100000` → `100 000`. */
export function formatCount(count: number): string {
  return `${count < 0 ? MINUS : ''}${grouped(String(Math.abs(Math.trunc(count))))}`;
}
