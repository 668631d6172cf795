/** Rows of the list that are chosen to be sent together. */

/** What is sent at once at most; Rust refuses more. */
export const AT_ONCE = 500;

export type Choice = {
  chosen: ReadonlySet<string>;
  /** Where a range begins. */
  anchor: string | null;
  /** Something was left aside, as it would have been too much at once. */
  isCut: boolean;
};

export const NOTHING: Choice = { chosen: new Set(), anchor: null, isCut: false };

function limited(ids: Iterable<string>, anchor: string | null): Choice {
  const all = [...ids];
  return { chosen: new Set(all.slice(0, AT_ONCE)), anchor, isCut: all.length > AT_ONCE };
}

/** Takes a row in or out; with Shift all rows from the last one on do as it does. `ids`: the rows that can be chosen, in their order. */
export function toggled(choice: Choice, ids: readonly string[], id: string, isRange: boolean): Choice {
  const isIn = !choice.chosen.has(id);
  const from = choice.anchor === null ? -1 : ids.indexOf(choice.anchor);
  const to = ids.indexOf(id);
  const range = isRange && from >= 0 && to >= 0 ? ids.slice(Math.min(from, to), Math.max(from, to) + 1) : [id];
  const chosen = new Set(choice.chosen);
  for (const one of range) {
    if (isIn) chosen.add(one);
    else chosen.delete(one);
  }
  return limited(chosen, id);
}

/** All rows, or none where all are chosen already. */
export function allOrNone(choice: Choice, ids: readonly string[]): Choice {
  return standing(choice, ids) === 'all' ? NOTHING : limited(ids, null);
}

/** What the box in the head shows. As much as can be sent at once is all. */
export function standing(choice: Choice, ids: readonly string[]): 'none' | 'some' | 'all' {
  const count = ids.filter((id) => choice.chosen.has(id)).length;
  if (count === 0) return 'none';
  return count === Math.min(ids.length, AT_ONCE) ? 'all' : 'some';
}
