import type { Trip } from '@words';
import { localText, unixOf } from '../../shared/moments';

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3_600;
/** So far ahead departures are shown; a car itself looks no further. */
const AHEAD_SECONDS = 8 * DAY_SECONDS;
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const DAILY = /^(?:([A-Za-z,-]+) )?(\d{2}:\d{2})$/;

/** A moment by which a car needs something: it leaves, or it is to be ready. */
export interface Departure {
  readonly unix: number;
  /** Null: somebody wants it ready by then, without a trip that the car knows. */
  readonly trip: Trip | null;
}

/** The moments in [from, to) of "Mon-Fri 07:00", or of "2026-03-01 18:00:00", which comes once. */
export function momentsOf(text: string, from: number, to: number, timezone: string): number[] {
  const daily = DAILY.exec(text);
  const found = daily ? dailyMoments(daily[1] ?? '', daily[2] ?? '', from, to, timezone) : [onceOf(text, timezone)];
  return found.filter((one): one is number => one !== null && one >= from && one < to);
}

/** When a car that is on the road is at home again; null: it is at home. */
export function awayUntil(trips: readonly Trip[], now: number, timezone: string): number | null {
  const returns = trips.flatMap((trip) => {
    const seconds = Math.round(trip.hours * HOUR_SECONDS);
    return momentsOf(trip.departs, now - seconds + 1, now + 1, timezone).map((unix) => unix + seconds);
  });
  return returns.length ? Math.max(...returns) : null;
}

/** The next departures of a car, the earliest first: its own trips, and when people want all cars ready. */
export function departuresOf(trips: readonly Trip[], readyBy: readonly string[], span: Span): Departure[] {
  const { from, to, timezone } = span;
  return [
    ...trips.flatMap((trip) => momentsOf(trip.departs, from, to, timezone).map((unix) => ({ unix, trip }))),
    ...readyBy.flatMap((text) => momentsOf(text, from, to, timezone).map((unix) => ({ unix, trip: null }))),
  ].sort((a, b) => a.unix - b.unix);
}

/** Two moments and the place whose clock counts. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly timezone: string;
}

/** From now on, as far as a car looks. */
export function ahead(now: number, timezone: string): Span {
  return { from: now, to: now + AHEAD_SECONDS, timezone };
}

/** The day before now. */
export function before(now: number, timezone: string): Span {
  return { from: now - DAY_SECONDS, to: now, timezone };
}

function dailyMoments(days: string, time: string, from: number, to: number, timezone: string): (number | null)[] {
  const on = weekdaysOf(days);
  const first = Date.parse(`${localText(from, timezone).slice(0, 10)}T00:00Z`);
  const last = Date.parse(`${localText(to, timezone).slice(0, 10)}T00:00Z`);
  const count = Math.round((last - first) / (1000 * DAY_SECONDS)) + 1;
  return Array.from({ length: count }, (_, index) => new Date(first + 1000 * DAY_SECONDS * index))
    .filter((day) => on.has((day.getUTCDay() + 6) % 7))
    .map((day) => unixOf(`${day.toISOString().slice(0, 10)}T${time}`, timezone));
}

/** The days in "Mon-Wed,Sat", Monday is 0; "Fri-Mon" spans the weekend, and no days are all. */
function weekdaysOf(text: string): ReadonlySet<number> {
  if (!text) return new Set(WEEKDAYS.keys());
  return new Set(
    text.split(',').flatMap((part) => {
      const edges = part.split('-').map((name) => WEEKDAYS.indexOf(name));
      const [first = 0, last = 0] = [edges[0], edges.at(-1)];
      return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, index) => (first + index) % 7);
    }),
  );
}

/** An offset behind it says which hour is meant where the clock shows one twice. */
function onceOf(text: string, timezone: string): number | null {
  const iso = text.replace(' ', 'T');
  if (!/[+-]\d{2}:\d{2}$/.test(iso)) return unixOf(iso, timezone);
  const unix = Date.parse(iso) / 1000;
  return Number.isFinite(unix) ? unix : null;
}
