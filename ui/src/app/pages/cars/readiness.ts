import { Departure } from './departures';

const PPM_PER_PERCENT = 10_000;
/** Less than so much below what was wanted is rounding. */
const NEARLY_PERCENT = 0.5;

/** What a car needs for a departure, as its own settings and those of the program are now. */
export interface Need {
  readonly targetPercent: number;
  readonly minimumPercent: number;
  readonly capacityKwh: number;
  readonly whPerKm: number;
}

/** How full a car was when it left or was to be ready. */
export interface Readiness {
  readonly departure: Departure;
  readonly wantedPercent: number;
  readonly hadPercent: number;
  readonly isReady: boolean;
}

/** The levels of a store over time; each is that at the end of its bucket, which is where the next begins. */
export interface Levels {
  readonly starts: readonly number[];
  readonly ends: number;
  readonly joules: readonly (number | null)[];
}

/** What must be inside: the target of the program, or what the trip takes so that the least is left. */
export function wantedPercent(departure: Departure, need: Need): number {
  if (departure.trip === null) return need.targetPercent;
  return Math.min(100, need.minimumPercent + (departure.trip.km * need.whPerKm) / (10 * need.capacityKwh));
}

/** The level at a moment, from the last bucket that had ended by then; null: unknown. */
export function levelAt(levels: Levels, unix: number): number | null {
  const ends = levels.starts.map((_, index) => levels.starts[index + 1] ?? levels.ends);
  const index = ends.findLastIndex((end) => end <= unix);
  return index < 0 ? null : (levels.joules[index] ?? null);
}

/** How it was at a departure that has passed; null where the past is unknown. */
export function readinessAt(departure: Departure, need: Need, levels: Levels): Readiness | null {
  const joules = levelAt(levels, departure.unix);
  if (joules === null || !need.capacityKwh) return null;
  const wanted = wantedPercent(departure, need);
  const had = joules / ((need.capacityKwh * 3.6e6) / 100);
  return { departure, wantedPercent: wanted, hadPercent: had, isReady: had >= wanted - NEARLY_PERCENT };
}

/** Percent as the units of the dashboard take them. */
export function ppm(percent: number): number {
  return percent * PPM_PER_PERCENT;
}
