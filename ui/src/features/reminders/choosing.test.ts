import { describe, expect, it } from 'vitest';
import type { InvoiceRow, ReminderGroup, ReminderLevel } from '../../ipc/call';
import { words } from '../../words';
import { canLeave, choiceOf, isChosen, sumsOf, ticked, without, type Aside } from './choosing';

function row(id: string): InvoiceRow {
  return { id, kind: 'invoice', document: 'invoice', situation: null, number: id, customer: 'Marchand', customer_code: 'C1', title: null, issue_date: '2026-10-01', due_date: '2026-11-01', gross: 100, remaining: 100, state: 'late', days_late: 24, link_state: 'open', mail_state: null };
}
function group(code: string, ids: readonly string[], more: Partial<ReminderGroup> = {}): ReminderGroup {
  const level: ReminderLevel = 'first';
  return { customer_code: code, customer: code, level, to: ['a@x.example'], invoices: ids.map((id) => ({ row: row(id), level, days_late: 24, was_sent: true })), total: 100 * ids.length, ...more };
}
const NOTHING: Aside = new Set();
const A = group('C1', ['a', 'b']);
const B = group('C1', ['c'], { level: 'formal_notice' });
const C = group('C2', ['d'], { to: [] });

describe('proposed reminders', () => {
  it('all leave at first, but those that nobody would get', () => {
    expect([A, B, C].filter((one) => isChosen(one, NOTHING, true))).toEqual([A, B]);
    expect([A, B, C].some((one) => canLeave(one, false))).toBe(false);
  });
  it('stay put aside when the list is read again with other invoices', () => {
    const aside = ticked(A, NOTHING, false);
    expect(isChosen(A, aside, true)).toBe(false);
    expect(isChosen(group('C1', ['b', 'e']), aside, true)).toBe(false);
    expect(isChosen(B, aside, true)).toBe(true);
    expect(isChosen(A, ticked(A, aside, true), true)).toBe(true);
  });
  it('are counted by mail, customer and amount', () => {
    expect(sumsOf([A, B])).toEqual({ mails: 2, customers: 1, total: 300 });
    expect(sumsOf([A, C])).toEqual({ mails: 2, customers: 2, total: 300 });
    expect(sumsOf([])).toEqual({ mails: 0, customers: 0, total: 0 });
  });
  it('are asked for with what was seen, and leave the list then', () => {
    expect(choiceOf(A)).toEqual({ customer_code: 'C1', level: A.level, invoices: ['a', 'b'] });
    expect(without([A, B, C], [A])).toEqual([B, C]);
  });
});

describe('the words of reminders', () => {
  const plain = (text: string) => text.replaceAll('\u00a0', ' ');
  it('agree with how many there are', () => {
    const said = words.reminders;
    expect(plain(said.home(3, '6 936,60 €', true))).toBe('3 factures en retard, 6 936,60 €');
    expect(plain(said.homeText(3, 3, 24))).toBe('La plus ancienne a 24 jours. Les relances sont prêtes.');
    expect(plain(said.homeText(1, 1, 1))).toBe('Elle a 1 jour de retard. La relance est prête.');
    expect(plain(said.homeText(1, 2, 0))).toBe('L’échéance approche. La relance est prête.');
    expect(plain(said.send(1))).toBe('Envoyer 1 relance');
    expect(plain(said.sent(3))).toBe('3 relances partent');
    expect(plain(said.leftOut(1))).toBe('1 facture laissée de côté : réglée entre-temps, ou sans adresse e-mail.');
    expect(plain(said.leftOut(2))).toBe('2 factures laissées de côté : réglées entre-temps, ou sans adresse e-mail.');
  });
});
