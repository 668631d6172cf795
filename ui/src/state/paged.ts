/** Long lists: Rust gives a thousand rows at a time at most, and goes on after the last one seen. */

const PAGE_MAX = 1000;

/** The first `limit` rows. `place` names where a row stands in the file; null for one that has no place there. */
export async function rowsUpTo<Row>(
  limit: number,
  ask: (after: string | null, limit: number) => Promise<readonly Row[]>,
  place: (row: Row) => string | null,
): Promise<Row[]> {
  const rows: Row[] = [];
  const seen = new Set<string>();
  let after: string | null = null;
  for (let left = limit; left > 0; left -= PAGE_MAX) {
    const asked = Math.min(left, PAGE_MAX);
    const page: readonly Row[] = await ask(after, asked);
    const last: string | null = after;
    let placed = 0;
    for (const row of page) {
      const at = place(row);
      if (at !== null) {
        placed += 1;
        after = at;
        // What moved between two pages is not shown twice.
        if (seen.has(at)) continue;
        seen.add(at);
      }
      rows.push(row);
    }
    if (placed < asked || after === last) break;
  }
  return rows;
}
