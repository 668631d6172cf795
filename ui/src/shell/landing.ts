/** Where the focus goes when the place changes: what had it is gone, or belongs to the former place. */

/** Follows the changes of one region; `leave` before the page changes, `arrive` after. */
export function landing() {
  let place: string | null = null;
  let had: Element | null = null;
  return {
    leave(to: string): void {
      if (to !== place) had = document.activeElement;
    },
    /** Focuses where to land, unless it is the first place, or the new one has taken the focus itself. */
    arrive(to: string, where: () => HTMLElement | null | undefined): void {
      const former = place;
      place = to;
      if (former === null || former === to) return;
      const has = document.activeElement;
      if (has !== had && has !== null && has !== document.body) return;
      where()?.focus({ preventScroll: true });
    },
  };
}
