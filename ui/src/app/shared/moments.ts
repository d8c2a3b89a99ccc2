import { DATES } from './language';

/** Times of day and dates at the place of the home, for fields in which people write them. */

/** "2026-06-21T18:15" at a place: what a field of type datetime-local holds. */
export function localText(unixSeconds: number, timezone: string): string {
  return new Date(unixSeconds * 1000).toLocaleString('sv-SE', { timeZone: timezone }).replace(' ', 'T').slice(0, 16);
}

/** The moment of a local time; where the clock shows it twice the first, where it shows it never the one after the gap. Null: no time. */
export function unixOf(text: string, timezone: string): number | null {
  const wall = Date.parse(`${text}Z`) / 1000;
  if (!Number.isFinite(wall)) return null;
  const candidates = [-86_400, 86_400].map((shift) => wall - offsetAt(wall + shift, timezone));
  const fitting = candidates.filter((unix) => unix + offsetAt(unix, timezone) === wall);
  return fitting.length ? Math.min(...fitting) : Math.max(...candidates);
}

/** Seconds by which the clock of a place is ahead of UTC. */
export function offsetAt(unixSeconds: number, timezone: string): number {
  const local = new Date(unixSeconds * 1000).toLocaleString('sv-SE', { timeZone: timezone });
  return Math.round(Date.parse(`${local.replace(' ', 'T')}Z`) / 1000 - unixSeconds);
}

/** "Sun 21 Jun 18:15" at a place. */
export function dayAndTime(unixSeconds: number, timezone: string): string {
  const at = new Date(unixSeconds * 1000);
  const day = at.toLocaleDateString(DATES, { weekday: 'short', day: 'numeric', month: 'short', timeZone: timezone });
  return `${day.replaceAll(',', '')} ${at.toLocaleTimeString(DATES, { timeZone: timezone }).slice(0, 5)}`;
}

const STEPS_SECONDS = [60, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000];
const MARKS_MAX = 7;

/** At most seven moments of a span at which the clock of a place is round: whole minutes, quarters, hours, days. */
export function roundMoments(first: number, last: number, timezone: string): number[] {
  const step = STEPS_SECONDS.find((one) => (last - first) / one < MARKS_MAX) ?? (last - first) / MARKS_MAX;
  const ahead = offsetAt(first, timezone);
  const begins = Math.ceil((first + ahead) / step) * step - ahead;
  return Array.from({ length: Math.max(0, Math.floor((last - begins) / step) + 1) }, (_, index) => begins + index * step);
}
