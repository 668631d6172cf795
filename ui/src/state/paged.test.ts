import { describe, expect, it, vi } from 'vitest';
import { rowsUpTo } from './paged';

const FILE = Array.from({ length: 2345 }, (_, index) => `r${index}`);
const page = (after: string | null, limit: number) => {
  const from = after === null ? 0 : FILE.indexOf(after) + 1;
  const rows = FILE.slice(from, from + Math.min(limit, 1000));
  return Promise.resolve(after === null ? ['unfinished', ...rows] : rows);
};
const place = (row: string) => (row === 'unfinished' ? null : row);

describe('a long list', () => {
  it('is one page as long as that suffices', async () => {
    const ask = vi.fn(page);
    expect(await rowsUpTo(100, ask, place)).toEqual(['unfinished', ...FILE.slice(0, 100)]);
    expect(ask.mock.calls).toEqual([[null, 100]]);
  });
  it('goes on after the last row seen, to the end', async () => {
    const ask = vi.fn(page);
    expect(await rowsUpTo(1600, ask, place)).toEqual(['unfinished', ...FILE.slice(0, 1600)]);
    expect(ask.mock.calls).toEqual([[null, 1000], ['r999', 600]]);
    expect(await rowsUpTo(6400, page, place)).toEqual(['unfinished', ...FILE]);
  });
  it('shows nothing twice when a row moves between two pages', async () => {
    const moved = async (after: string | null, limit: number) => (after === null ? page(after, limit) : ['r0', ...(await page(after, limit - 1))]);
    expect(await rowsUpTo(1100, moved, place)).toEqual(['unfinished', ...FILE.slice(0, 1099)]);
  });
});
