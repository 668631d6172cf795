import { describe, expect, it } from 'vitest';
import { insertAt } from './insert';

function field(value: string, start: number, end = start): HTMLTextAreaElement {
  const area = document.createElement('textarea');
  area.value = value;
  area.setSelectionRange(start, end);
  return area;
}

describe('a variable', () => {
  it('goes to the cursor, and the cursor goes behind it', () => {
    expect(insertAt(field('Bonjour ,', 8), '{nom}')).toEqual({ value: 'Bonjour {nom},', caret: 13 });
    expect(insertAt(field('', 0), '{nom}')).toEqual({ value: '{nom}', caret: 5 });
  });
  it('takes the place of what is selected', () => {
    expect(insertAt(field('Facture F-1 jointe', 8, 11), '{numéro}')).toEqual({ value: 'Facture {numéro} jointe', caret: 16 });
  });
  it('goes to the end of a field that tells no cursor', () => {
    expect(insertAt({ value: 'Facture ', selectionStart: null, selectionEnd: null }, '{numéro}')).toEqual({ value: 'Facture {numéro}', caret: 16 });
  });
});
