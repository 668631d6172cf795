import { describe, expect, it } from 'vitest';
import { kindLabel, kindOf, mayDeduct, takesOff } from './kinds';

describe('a kind of document', () => {
  it('is called by its name, and an ordinary invoice by none', () => {
    expect(kindLabel({ document: 'invoice' })).toBe('');
    expect(kindLabel({ document: 'deposit' })).toBe('Acompte');
    expect(kindLabel({ document: 'progress', situation: 2 })).toBe('Situation n°\u00a02');
    expect(kindLabel({ document: 'progress' })).toBe('Situation');
    expect(kindLabel({ document: 'final', situation: null })).toBe('Solde');
  });
  it('is read from an address, and is an invoice where that says nothing known', () => {
    expect(kindOf('deposit')).toBe('deposit');
    expect(kindOf('devis')).toBe('invoice');
    expect(kindOf(null)).toBe('invoice');
    expect(kindOf('toString')).toBe('invoice');
  });
  it('decides what may be taken off', () => {
    expect([takesOff('progress'), takesOff('final'), takesOff('deposit'), takesOff('invoice')]).toEqual([true, true, false, false]);
    expect([mayDeduct('invoice'), mayDeduct('final'), mayDeduct('deposit'), mayDeduct('credit_note')]).toEqual([true, true, false, false]);
  });
});
