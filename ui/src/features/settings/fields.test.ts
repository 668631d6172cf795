import { tick } from 'svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Fields } from './fields.svelte';

const ERRORS = [
  { field: 'name', code: 'empty', sentence: 'Ce champ ne peut pas être vide.' },
  { field: 'siret', code: 'siret', sentence: 'Ce n’est pas un SIRET.' },
];
// jsdom has none; the paths of this test need none.
vi.stubGlobal('CSS', { escape: (path: string) => path });

function input(path: string): HTMLInputElement {
  const found = document.querySelector<HTMLInputElement>(`[data-path="${path}"] input`);
  if (!found) throw new Error(path);
  return found;
}

async function answered(show: (errors: typeof ERRORS) => void): Promise<void> {
  show(ERRORS);
  await tick();
  await Promise.resolve();
}

describe('an answer that was waited for', () => {
  beforeEach(() => {
    document.body.innerHTML = '<div data-path="name"><input></div><div data-path="siret"><input></div><button>Continuer</button>';
  });
  it('leads to the first error', async () => {
    const fields = new Fields();
    document.querySelector('button')?.focus();
    await answered(fields.asking());
    expect(document.activeElement).toBe(input('name'));
  });
  it('leads there from a button that could not keep the focus', async () => {
    const fields = new Fields();
    const button = document.querySelector('button');
    button?.focus();
    const show = fields.asking();
    button?.blur();
    await answered(show);
    expect(document.activeElement).toBe(input('name'));
  });
  it('leaves whoever went to another field', async () => {
    const fields = new Fields();
    const show = fields.asking();
    input('siret').focus();
    await answered(show);
    expect(document.activeElement).toBe(input('siret'));
    expect(fields.of('name')).toBe('Ce champ ne peut pas être vide.');
  });
  it('leaves whoever typed where they were', async () => {
    const fields = new Fields();
    input('siret').focus();
    const show = fields.asking();
    fields.touched();
    await answered(show);
    expect(document.activeElement).toBe(input('siret'));
    expect(fields.all).toEqual(ERRORS);
  });
});
