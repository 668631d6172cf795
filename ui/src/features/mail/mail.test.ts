import { describe, expect, it } from 'vitest';
import type { MailRow, MailState } from '../../ipc/call';
import { addressesIn, hasAddress, sendLabel, shownProposal, toggleAddress } from './addresses';
import { asks, explained } from './outcome';

function row(id: string, state: MailState, more: Partial<MailRow> = {}): MailRow {
  return { id, invoice: 'one', number: 'F-2026-00147', at: '2026-11-18T16:53:00Z', to: ['h@x.example'], subject: 'Facture', state, sentence: null, next_at: null, ...more };
}

describe('typed addresses', () => {
  it('are read one by one', () => {
    expect(addressesIn(' a@x.example, b@y.example ;\n')).toEqual(['a@x.example', 'b@y.example']);
    expect(hasAddress('A@x.example', 'a@X.example')).toBe(true);
  });
  it('are added once, and taken away again', () => {
    expect(toggleAddress('', 'a@x.example')).toBe('a@x.example');
    expect(toggleAddress('a@x.example,', 'b@y.example')).toBe('a@x.example, b@y.example');
    expect(toggleAddress('a@x.example, b@y.example', 'A@x.example')).toBe('b@y.example');
  });
  it('say whose they are, where that is known', () => {
    const address = 'compta@syndic.example';
    expect(shownProposal({ address, name: 'Morel', role: 'Comptabilité' })).toBe(`${address} · Morel, Comptabilité`);
    expect(shownProposal({ address, name: null, role: 'Comptabilité' })).toBe(`${address} · Comptabilité`);
    expect(shownProposal({ address, name: null, role: null })).toBe(address);
  });
  it('name the button that sends, as far as they are short', () => {
    expect(sendLabel('marchand@courriel.example')).toBe('Envoyer à marchand@…');
    expect(sendLabel('a@x.example, b@y.example')).toBe('Envoyer à 2 adresses');
    expect(sendLabel('marchand')).toBe('Envoyer');
    expect(sendLabel(`${'a'.repeat(40)}@x.example`)).toBe('Envoyer');
  });
});

describe('what became of a mail', () => {
  it('asks for something until a later mail of the same invoice went', () => {
    const refused = row('a', 'refused');
    expect(asks(refused, [refused])).toBe(true);
    expect(asks(refused, [row('b', 'sent'), refused])).toBe(false);
    expect(asks(refused, [row('b', 'withdrawn'), refused])).toBe(true);
    expect(asks(refused, [row('b', 'sent', { invoice: 'other' }), refused])).toBe(true);
    expect(asks(row('a', 'unclear'), [row('b', 'sent'), row('a', 'unclear')])).toBe(true);
  });
  it('says why it waits and when it is tried again', () => {
    expect(explained(row('a', 'queued'), '2026-11-18')).toBe('Il part dès que le réseau le permet.');
    const waits = row('a', 'queued', { sentence: 'Le serveur ne répond pas.', next_at: '2026-11-18T17:05:00Z' });
    expect(explained(waits, '2026-11-18')).toBe('Le serveur ne répond pas. Nouvel essai à 18:05.');
    expect(explained(waits, '2026-11-17')).toBe('Le serveur ne répond pas. Nouvel essai le 18\u00a0nov. 18:05.');
  });
});
