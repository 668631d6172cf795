import { describe, expect, it } from 'vitest';
import type { LineForm } from '../../ipc/call';
import { inCell, named } from './fault';

const line: LineForm = { kind: 'line', description: '', quantity: '', unit: '', unit_price: '', discount_percent: '', vat: '20', nature: 'works', progress: '' };
const empty = (field: string) => ({ field, code: 'empty', sentence: 'Ce champ ne peut pas être vide.' });

describe('a fault in a draft', () => {
  it('names its field', () => {
    expect(named(empty('customer'), [])).toBe('Client : Ce champ ne peut pas être vide.');
    expect(named(empty('lines[1].unit_price'), [line, line])).toBe('Ligne 2, Prix HT : Ce champ ne peut pas être vide.');
    expect(named(empty('lines[0].description'), [{ ...line, kind: 'section' }])).toBe('Ligne 1, Titre de la section : Ce champ ne peut pas être vide.');
    expect(named(empty('lines[0].discount_percent'), [line])).toBe('Ligne 1, Remise : Ce champ ne peut pas être vide.');
    expect(named(empty('lines[0].progress'), [line])).toBe('Ligne 1, Avancement : Ce champ ne peut pas être vide.');
    expect(named(empty('refers_to[1]'), [])).toBe('À déduire : Ce champ ne peut pas être vide.');
    expect(named(empty('deductions[0].value'), [])).toBe('Autres déductions : Ce champ ne peut pas être vide.');
  });
  it('names its column under its line, and nothing that it does not know', () => {
    expect(inCell(empty('lines[0].vat'), [line])).toBe('TVA : Ce champ ne peut pas être vide.');
    expect(named(empty('lines'), [line])).toBe('Ce champ ne peut pas être vide.');
  });
});
