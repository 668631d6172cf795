import { describe, expect, it } from 'vitest';
import { endOfLastMonth, formatDay, formatFullDate, formatMoment, formatTypedDate, readTypedDate } from './dates';
import { formatAmount, formatMoney } from './money';
import { matches } from './search';
import { tidyIban, tidyMoney, tidyNumber, tidySiren } from './typed';

describe('the end of last month', () => {
  it('is the day before the first', () => {
    expect(endOfLastMonth('2026-11-27')).toBe('2026-10-31');
    expect(endOfLastMonth('2026-01-01')).toBe('2025-12-31');
    expect(endOfLastMonth('2028-03-31')).toBe('2028-02-29');
  });
});

describe('money', () => {
  it('is written as French readers expect it', () => {
    expect(formatMoney(123456)).toBe('1\u202f234,56\u00a0€');
    expect(formatMoney(-5)).toBe('\u22120,05\u00a0€');
    expect(formatAmount(0)).toBe('0,00');
    expect(formatMoney(14850, { sign: true })).toBe('+148,50\u00a0€');
  });
  it('is never a fraction of a cent', () => {
    expect(() => formatAmount(1.5)).toThrow(RangeError);
  });
});

describe('dates', () => {
  it('are written short, typed and in full', () => {
    expect(formatDay('2026-11-18', '2026-12-01')).toBe('18\u00a0nov.');
    expect(formatDay('2025-11-01', '2026-12-01')).toBe('1er\u00a0nov.\u00a02025');
    expect(formatTypedDate('2026-11-08')).toBe('08/11/2026');
    expect(formatFullDate('2026-11-22', '2026-01-01')).toBe('dimanche 22 novembre');
  });
  it('are read as they are typed, or say what is wrong', () => {
    expect(readTypedDate('18/11/2026').iso).toBe('2026-11-18');
    expect(readTypedDate('18.11.26').iso).toBe('2026-11-18');
    expect(readTypedDate('8/11', '2026-01-01').iso).toBe('2026-11-08');
    expect(readTypedDate('31/11/2026').fault).toBe('Novembre n’a que 30 jours.');
    expect(readTypedDate('demain').iso).toBeNull();
  });
  it('say how long ago something happened, in France', () => {
    expect(formatMoment('2026-11-22T19:00:00Z', '2026-11-22T19:00:20Z')).toBe('à l’instant');
    expect(formatMoment('2026-11-22T19:00:00Z', '2026-11-22T19:05:00Z')).toBe('il y a 5\u00a0min');
    expect(formatMoment('2026-11-21T17:42:00Z', '2026-11-22T19:05:00Z')).toBe('hier à 18:42');
    expect(formatMoment('2026-11-22T22:59:00Z', '2026-11-23T09:00:00Z')).toBe('hier à 23:59');
  });
});

describe('what is typed', () => {
  it('is set out, and left alone where it cannot be read', () => {
    expect(tidyMoney('1234,5')).toBe('1\u202f234,50');
    expect(tidyMoney('douze')).toBe('douze');
    expect(tidyMoney('1,234')).toBe('1,234');
    expect(tidyNumber('2.50')).toBe('2,5');
    expect(tidySiren('81234567600017')).toBe('812 345 676 00017');
    expect(tidyIban('fr7619999000')).toBe('FR76 1999 9000');
  });
});

describe('search', () => {
  it('forgets accents and capitals, and wants every word', () => {
    expect(matches('helene tours', 'Hélène Marchand, Tours')).toBe(true);
    expect(matches('helene lyon', 'Hélène Marchand, Tours')).toBe(false);
    expect(matches('', 'x')).toBe(true);
  });
});
