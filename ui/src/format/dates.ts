/** Dates as French readers expect them. Civil dates are ISO texts; today and now are handed in, never asked for. */
import { words } from '../words';

const SHORT = ['janv.', 'févr.', 'mars', 'avr.', 'mai', 'juin', 'juil.', 'août', 'sept.', 'oct.', 'nov.', 'déc.'];
const LONG = [
  'janvier',
  'février',
  'mars',
  'avril',
  'mai',
  'juin',
  'juillet',
  'août',
  'septembre',
  'octobre',
  'novembre',
  'décembre',
];
const WEEKDAYS = ['dimanche', 'lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi'];
const ISO = /^(\d{4})-(\d{2})-(\d{2})$/;

type Civil = { year: number; month: number; day: number };

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function read(iso: string): Civil {
  const [, year, month, day] = ISO.exec(iso) ?? [];
  const civil = { year: Number(year), month: Number(month), day: Number(day) };
  if (!year || civil.month < 1 || civil.month > 12 || civil.day < 1 || civil.day > daysIn(civil.year, civil.month)) {
    throw new RangeError('a date is an ISO text');
  }
  return civil;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function weekday({ year, month, day }: Civil): string {
  return WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] ?? '';
}

function ordinal(day: number): string {
  return day === 1 ? '1er' : String(day);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** `18 nov.` for lists; the year is written when it is not the one of `today`. */
export function formatDay(iso: string, today?: string): string {
  const { year, month, day } = read(iso);
  const other = today !== undefined && read(today).year !== year;
  return `${ordinal(day)}\u00a0${SHORT[month - 1]}${other ? `\u00a0${year}` : ''}`;
}

/** `jeu. 19 nov.` */
export function formatWeekday(iso: string): string {
  return `${weekday(read(iso)).slice(0, 3)}. ${formatDay(iso)}`;
}

/** `18/11/2026`, as it is typed. */
export function formatTypedDate(iso: string): string {
  const { year, month, day } = read(iso);
  return `${two(day)}/${two(month)}/${year}`;
}

/** `18 novembre 2026` */
export function formatLongDate(iso: string): string {
  const { year, month, day } = read(iso);
  return `${ordinal(day)} ${LONG[month - 1]} ${year}`;
}

/** `dimanche 22 novembre 2026`; `today` leaves its own year out. */
export function formatFullDate(iso: string, today?: string): string {
  const civil = read(iso);
  const long = formatLongDate(iso);
  const same = today !== undefined && read(today).year === civil.year;
  return `${weekday(civil)} ${same ? long.slice(0, -5) : long}`;
}

/** `novembre 2026` */
export function formatMonth(iso: string): string {
  const { year, month } = read(iso);
  return `${LONG[month - 1]} ${year}`;
}

export type TypedDate = { iso: string; fault: null } | { iso: null; fault: string };

/** Reads `18/11/2026`, `18.11.26` or `18112026`; with `today`, `18/11` takes its year. Says what is wrong otherwise. */
export function readTypedDate(text: string, today?: string): TypedDate {
  const wrong = (fault: string): TypedDate => ({ iso: null, fault });
  const match =
    /^(\d{1,2})[/.\-\s](\d{1,2})(?:[/.\-\s](\d{4}|\d{2}))?$/.exec(text.trim()) ??
    /^(\d{2})(\d{2})(\d{4}|\d{2})$/.exec(text.trim());
  if (!match) return wrong(words.date.notADate);
  const [, day = '', month = '', typedYear] = match;
  const year = typedYear ? Number(typedYear.padStart(4, '20')) : today ? read(today).year : 0;
  if (year < 1900) return wrong(words.date.notADate);
  if (Number(month) < 1 || Number(month) > 12) return wrong(words.date.noSuchMonth);
  const days = daysIn(year, Number(month));
  if (Number(day) < 1) return wrong(words.date.notADate);
  if (Number(day) > days) return wrong(words.date.noSuchDay(capital(LONG[Number(month) - 1] ?? ''), days));
  return { iso: `${year}-${two(Number(month))}-${two(Number(day))}`, fault: null };
}

const inParis = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Paris',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

function civilOf(instant: Date): { day: string; time: string } {
  const part = Object.fromEntries(inParis.formatToParts(instant).map(({ type, value }) => [type, value]));
  return { day: `${part['year']}-${part['month']}-${part['day']}`, time: `${Number(part['hour'])}:${part['minute']}` };
}

function dayBefore(iso: string): string {
  return new Date(Date.parse(`${iso}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}

/** The last day of the month before that of a day. */
export function endOfLastMonth(iso: string): string {
  const { year, month } = read(iso);
  return dayBefore(`${year}-${two(month)}-01`);
}

/** Whole days from one civil day to another. */
export function daysBetween(first: string, last: string): number {
  return Math.round((Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / 86_400_000);
}

/** The civil day in France of an instant (ISO text with its offset). */
export function dayOf(instant: string): string {
  return civilOf(new Date(instant)).day;
}

/** `20:13`, in France. */
export function formatTime(instant: string): string {
  return civilOf(new Date(instant)).time;
}

/** `18 nov. 17:52`, in France: for histories. */
export function formatDayTime(instant: string): string {
  const { day, time } = civilOf(new Date(instant));
  return `${formatDay(day)} ${time}`;
}

/** `à l’instant`, `il y a 5 min`, `aujourd’hui à 14:05`, `hier à 18:42`, then `18 nov.` */
export function formatMoment(instant: string, now: string): string {
  const minutes = Math.floor((Date.parse(now) - Date.parse(instant)) / 60_000);
  // A clock a little behind the server's must not write a negative age.
  if (minutes < 1 && minutes > -5) return 'à l’instant';
  if (minutes >= 1 && minutes < 60) return `il y a ${minutes}\u00a0min`;
  const then = civilOf(new Date(instant));
  const today = civilOf(new Date(now)).day;
  if (then.day === today) return `aujourd’hui à ${then.time}`;
  if (then.day === dayBefore(today)) return `hier à ${then.time}`;
  return formatDay(then.day, today);
}
