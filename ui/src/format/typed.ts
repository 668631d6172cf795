/** What people type, and how it is set out once they have left the field. Unreadable text is returned as it is. */
import { formatAmount } from './money';

const DECIMAL = /^(-?)(\d{1,11})(?:\.(\d+))?$/;

/** `1 234,5 €` → `1234.5`, the only form Rust reads; null when it is not a number. */
export function plainDecimal(text: string): string | null {
  const plain = text
    .replace(/[\s\u00a0\u202f]/g, '')
    .replace(/[€%]$/, '')
    .replace(/^[\u2212–]/, '-')
    .replace(/,/g, '.');
  return DECIMAL.test(plain) ? plain : null;
}

/** `1234,5` → `1 234,50`, only when it has no more than two decimals. */
export function tidyMoney(text: string): string {
  const [, sign = '', whole = '', fraction = ''] = DECIMAL.exec(plainDecimal(text) ?? '') ?? [];
  if (!whole || fraction.length > 2) return text.trim();
  const cents = Number(`${whole}${fraction.padEnd(2, '0')}`);
  return formatAmount(sign ? -cents : cents);
}

/** `2.50` → `2,5`, `1200` → `1 200`: quantities and rates, without idle zeros. */
export function tidyNumber(text: string): string {
  const [, sign = '', whole = '', fraction = ''] = DECIMAL.exec(plainDecimal(text) ?? '') ?? [];
  if (!whole) return text.trim();
  const digits = whole.replace(/^0+(?=\d)/, '').replace(/\B(?=(\d{3})+$)/g, '\u202f');
  const decimals = fraction.replace(/0+$/, '');
  const zero = digits === '0' && !decimals;
  return `${sign && !zero ? '\u2212' : ''}${digits}${decimals ? `,${decimals}` : ''}`;
}

/** `812345676` → `812 345 676`; a SIRET keeps its last five together. */
export function tidySiren(text: string): string {
  const digits = text.replace(/[\s\u00a0\u202f.]/g, '');
  if (!/^(\d{9}|\d{14})$/.test(digits)) return text.trim();
  return [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6, 9), digits.slice(9)].filter(Boolean).join(' ');
}

/** `fr7619999000…` → `FR76 1999 9000 …`. */
export function tidyIban(text: string): string {
  const plain = text.replace(/[\s\u00a0\u202f.-]/g, '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{1,30}$/.test(plain)) return text.trim();
  return plain.replace(/(.{4})(?=.)/g, '$1 ');
}
