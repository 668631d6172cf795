/** How big a file is, as French readers expect it. A kilo-octet has 1 000 octets, so that "10 Mo" is the same everywhere. */

const NO_BREAK = '\u00a0';

/** `84210` → `84 Ko`, `2400000` → `2,4 Mo`. */
export function formatSize(bytes: number): string {
  if (bytes < 1000) return `${bytes}${NO_BREAK}octet${bytes > 1 ? 's' : ''}`;
  // What would be rounded to 1 000 Ko is already 1 Mo.
  if (bytes < 999_500) return `${Math.round(bytes / 1000)}${NO_BREAK}Ko`;
  return `${String(Math.round(bytes / 100_000) / 10).replace('.', ',')}${NO_BREAK}Mo`;
}
