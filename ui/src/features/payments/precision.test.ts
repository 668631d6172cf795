import { describe, expect, it } from 'vitest';
import type { OnlinePayment } from '../../ipc/call';
import { precision, signedAmount } from './precision';

const line: OnlinePayment = {
  id: 'l', invoice: 'i', number: 'F-2026-00001', customer: 'Marchand', at: '2026-11-22T19:00:00Z', outcome: 'paid', is_test: false, asks: false,
  amount: 64000, given_back: 0, card: null, sentence: null, tries: 0, payment: null,
};

describe('a line of the payments', () => {
  it('says why, at which try, and that a test counts for nothing', () => {
    expect(precision({ ...line, outcome: 'refused', sentence: 'Provision insuffisante.' })).toBe('provision insuffisante');
    expect(precision({ ...line, tries: 1 })).toBe('au 2e essai');
    expect(precision({ ...line, is_test: true, tries: 1 })).toBe('hors des comptes');
    expect(precision({ ...line, outcome: 'partly_refunded' })).toBe('sur 640,00\u00a0€ payés');
  });
  it('takes off what went back', () => {
    expect(signedAmount(line)).toBe(64000);
    expect(signedAmount({ ...line, outcome: 'partly_refunded', given_back: 12000 })).toBe(-12000);
    expect(signedAmount({ ...line, outcome: 'disputed', given_back: 64000 })).toBe(-64000);
  });
});
