/** What the program says of a car, in its parts; numbers and units as the home wrote them. */
export interface Plan {
  readonly way: 'pause' | 'charge';
  /** "3.68 kW": what it gets at most; "" where it gets what the sun leaves, or nothing. */
  readonly most: string;
  readonly isSunAlone: boolean;
  readonly reason: string;
  /** Of the six of the program. */
  readonly rule: number;
  /** What was looked at. */
  readonly looked: string;
}

/** What a program decided before a quarter-hour. */
export interface Decided {
  /** The beginning of that quarter-hour. */
  readonly unix: number;
  readonly reasons: readonly string[];
}

const REASON =
  /^(pause|charge) (\w+) at \w+(?: (from the sun alone|with at most (.+? kW)))?, because (.+) \(rule (\d), \d+ %\)(?: \(([^()]*)\))?$/s;
const KEPT_MAX = 200;

/** The sentence about a car; "" where there is none, because no charger serves it. */
export function sentenceOf(reasons: readonly string[], car: string): string {
  return reasons.find((one) => one.includes(` ${car} at `)) ?? '';
}

/** Its parts; null for a sentence of another form. */
export function planOf(sentence: string): Plan | null {
  const [, way, , how = '', most = '', reason = '', rule, looked = ''] = REASON.exec(sentence) ?? [];
  if (way !== 'pause' && way !== 'charge') return null;
  return { way, most, isSunAlone: how === 'from the sun alone', reason, rule: Number(rule), looked };
}

/** What was decided so far, and what came now: one entry for each quarter-hour, the latest last. */
export function withDecided(log: readonly Decided[], now: Decided): readonly Decided[] {
  if (!now.unix) return log;
  return [...log.filter((one) => one.unix < now.unix), now].slice(-KEPT_MAX);
}

/** The last that was decided before a moment, when that is not too long ago. */
export function decidedBefore(log: readonly Decided[], unix: number, secondsMax: number): Decided | null {
  return log.findLast((one) => one.unix < unix && one.unix >= unix - secondsMax) ?? null;
}
