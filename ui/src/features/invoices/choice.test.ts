import { describe, expect, it } from 'vitest';
import { AT_ONCE, NOTHING, allOrNone, standing, toggled, type Choice } from './choice';

const IDS = ['a', 'b', 'c', 'd', 'e'];
const MANY = Array.from({ length: AT_ONCE + 20 }, (_, index) => `row-${index}`);
const chosen = (choice: Choice) => [...choice.chosen].sort().join('');

describe('choosing rows', () => {
  it('takes a row in and out', () => {
    const one = toggled(NOTHING, IDS, 'b', false);
    expect(chosen(one)).toBe('b');
    expect(chosen(toggled(one, IDS, 'd', false))).toBe('bd');
    expect(chosen(toggled(one, IDS, 'b', false))).toBe('');
    expect(chosen(NOTHING)).toBe('');
  });
  it('takes a range from the last row on, in both directions', () => {
    const from = toggled(NOTHING, IDS, 'b', false);
    expect(chosen(toggled(from, IDS, 'd', true))).toBe('bcd');
    const back = toggled(toggled(NOTHING, IDS, 'e', false), IDS, 'c', true);
    expect(chosen(back)).toBe('cde');
    expect(chosen(toggled(back, IDS, 'd', true))).toBe('e');
  });
  it('takes one row where the range begins nowhere', () => {
    expect(chosen(toggled(NOTHING, IDS, 'c', true))).toBe('c');
    const gone = toggled(NOTHING, IDS, 'a', false);
    expect(chosen(toggled(gone, ['b', 'c', 'd'], 'd', true))).toBe('ad');
  });
  it('takes all rows, and none again', () => {
    const some = toggled(NOTHING, IDS, 'c', false);
    expect(standing(NOTHING, IDS)).toBe('none');
    expect(standing(some, IDS)).toBe('some');
    const all = allOrNone(some, IDS);
    expect([chosen(all), standing(all, IDS), all.isCut]).toEqual(['abcde', 'all', false]);
    expect(chosen(allOrNone(all, IDS))).toBe('');
    expect(standing(NOTHING, [])).toBe('none');
  });
  it('takes no more than can be sent at once, and says so', () => {
    const all = allOrNone(NOTHING, MANY);
    expect([all.chosen.size, all.isCut, standing(all, MANY)]).toEqual([AT_ONCE, true, 'all']);
    const more = toggled(all, MANY, MANY[AT_ONCE + 1] ?? '', false);
    expect([more.chosen.size, more.isCut, more.chosen.has(MANY[AT_ONCE + 1] ?? '')]).toEqual([AT_ONCE, true, false]);
    expect(toggled(more, MANY, 'row-0', false).isCut).toBe(false);
    const ranged = toggled(toggled(NOTHING, MANY, 'row-0', false), MANY, MANY.at(-1) ?? '', true);
    expect([ranged.chosen.size, ranged.isCut]).toEqual([AT_ONCE, true]);
  });
  it('counts only rows that are there', () => {
    const all = allOrNone(NOTHING, IDS);
    expect(standing(all, ['a', 'f'])).toBe('some');
    expect(standing(all, ['f'])).toBe('none');
  });
});
