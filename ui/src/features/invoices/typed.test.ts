import { describe, expect, it } from 'vitest';
import { typedCents, typedMoney } from './typed';

describe('an amount being typed', () => {
  it('is read to the cent, with or without its sign', () => {
    expect(typedCents('120')).toBe(12000);
    expect(typedCents('1 234,5 €')).toBe(123450);
    expect(typedCents('0,05')).toBe(5);
    expect(typedCents('-1')).toBeNull();
    expect(typedCents('1,234')).toBeNull();
    expect(typedCents('douze')).toBeNull();
  });
  it('is repeated as money is written', () => {
    expect(typedMoney('120 €')).toBe('120,00\u00a0€');
    expect(typedMoney('1234,5')).toBe('1\u202f234,50\u00a0€');
    expect(typedMoney('')).toBeNull();
  });
});
