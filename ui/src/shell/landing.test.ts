import { beforeEach, describe, expect, it } from 'vitest';
import { landing } from './landing';

const focus = (id: string) => document.getElementById(id)?.focus();
const now = () => document.activeElement?.id;
const main = () => document.getElementById('main');

describe('the focus after a change of place', () => {
  beforeEach(() => {
    document.body.innerHTML = '<a id="link" href="#/"></a><main id="main" tabindex="-1"><input id="old"></main>';
  });
  it('stays at the start, and where only a filter changes', () => {
    const land = landing();
    focus('link');
    for (const place of ['home', 'home']) {
      land.leave(place);
      land.arrive(place, main);
      expect(now()).toBe('link');
    }
  });
  it('goes to the new place, from a link or from what is gone', () => {
    const land = landing();
    land.arrive('home', main);
    focus('link');
    land.leave('invoices');
    land.arrive('invoices', main);
    expect(now()).toBe('main');
    focus('old');
    land.leave('invoice');
    document.getElementById('old')?.remove();
    land.arrive('invoice', main);
    expect(now()).toBe('main');
  });
  it('is not taken from what the new place focused', () => {
    const land = landing();
    land.arrive('home', main);
    focus('link');
    land.leave('editor');
    focus('old');
    land.arrive('editor', main);
    expect(now()).toBe('old');
  });
});
