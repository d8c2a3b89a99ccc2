import { DATES, NUMBERS } from './language';

const THIN = '\u202f';
const JOULES_PER_KWH = 3_600_000;

/** A number with a unit, and never a minus before zero. */
function quantity(value: number, digits: number, unit: string): string {
  return decimal(value, digits) + THIN + unit;
}

/** A number with so many digits behind its point or comma. */
export function decimal(value: number, digits: number): string {
  const rounded = Number(value.toFixed(digits)) + 0;
  return rounded.toLocaleString(NUMBERS, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A power for people: whole W below 1 kW, then kW, then MW. Its direction is said in words elsewhere. */
export function power(watts: number): string {
  const size = Math.abs(watts);
  if (size < 999.5) return quantity(size, 0, 'W');
  if (size < 999_500) return quantity(size / 1000, size < 9_995 ? 2 : 1, 'kW');
  return quantity(size / 1_000_000, 2, 'MW');
}

/** An amount of energy: Wh below 1 kWh, then kWh, then MWh. */
export function energy(joules: number): string {
  const kwh = Math.abs(joules) / JOULES_PER_KWH;
  if (kwh < 0.9995) return quantity(kwh * 1000, 0, 'Wh');
  if (kwh < 999.5) return quantity(kwh, kwh < 99.95 ? 2 : 0, 'kWh');
  return quantity(kwh / 1000, 2, 'MWh');
}

/** Money with its currency; an income is a credit, in words. */
export function money(microUnits: number, currency: string): string {
  const cents = Math.round(microUnits / 10_000);
  const text = (Math.abs(cents) / 100).toLocaleString(NUMBERS, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const amount = `${text}${THIN}${currency}`;
  return cents < 0 ? $localize`${amount}:AMOUNT: credit` : amount;
}

/** What a kWh costs or pays; a price may be below zero, and then one is paid for taking. */
export function price(microUnitsPerKwh: number, currency: string): string {
  return quantity(microUnitsPerKwh / 1e6, 3, `${currency}/kWh`);
}

/** A share in parts per million as whole percent. */
export function percent(partsPerMillion: number): string {
  return quantity(partsPerMillion / 10_000, 0, '%');
}

/** Readings and properties carry their unit at the end of their name; the longest that fits counts. */
const UNITS: readonly [suffix: string, factor: number, offset: number, digits: number, unit: string][] = [
  ['temperature_mk', 1e-3, -273.15, 1, '°C'],
  ['_millicelsius', 1e-3, 0, 1, '°C'],
  ['_celsius', 1, 0, 1, '°C'],
  ['_percent_ppm', 1e-4, 0, 1, '%'],
  ['_ppm', 1e-4, 0, 1, '%'],
  ['_percent', 1, 0, 0, '%'],
  ['_udeg', 1e-6, 0, 1, '°'],
  ['_degrees', 1, 0, 0, '°'],
  ['_mw_m2', 1e-3, 0, 0, 'W/m²'],
  ['_w_m2', 1, 0, 0, 'W/m²'],
  ['_mm_s', 1e-3, 0, 1, 'm/s'],
  ['_pa', 1e-2, 0, 0, 'hPa'],
  ['_micro_euro_per_kwh', 1e-6, 0, 3, '€/kWh'],
];

/** A reading of a device, from its name and whole number. */
export function reading(name: string, value: number): string {
  if (name.endsWith('_watts') || name === 'watts') return power(value);
  if (name.endsWith('_joules')) return energy(value);
  const found = UNITS.find(([suffix]) => name.endsWith(suffix) || name === suffix.slice(1));
  if (!found) return value.toLocaleString(NUMBERS);
  const [, factor, offset, digits, unit] = found;
  return quantity(value * factor + offset, digits, unit);
}

const WORDS: Readonly<Record<string, string>> = {
  watts: 'W',
  kwh: 'kWh',
  celsius: '°C',
  kelvin: 'K',
  percent: '%',
  degrees: '°',
  seconds: 's',
  minutes: 'min',
  hours: 'h',
  litres: 'l',
  joules: 'J',
  m: 'm',
  euro: '€',
};

/** A name in the code's letters as people read it: battery_power_watts is "battery power". */
export function spoken(name: string): string {
  const words = name.split('_');
  const last = words.at(-1) ?? '';
  const kept =
    words.length > 1 && ['mk', 'ppm', 'udeg', 'watts', 'joules', 'kwh', 'celsius', 'millicelsius', 'percent', 'degrees'].includes(last)
      ? words.slice(0, -1)
      : words;
  return kept.join(' ').replace(/ (mw|w) m2$/, '');
}

/** The unit that a property's name ends with, or "". */
export function unitOf(name: string): string {
  if (/per_kelvin$/.test(name)) return name.startsWith('heat_capacity') ? 'J/K' : 'W/K';
  if (/euro_per_kwh$/.test(name)) return '€/kWh';
  if (/_max$|_min$/.test(name)) return unitOf(name.slice(0, -4));
  return WORDS[name.split('_').at(-1) ?? ''] ?? '';
}

/** A simulated moment at the place of the home: "Sun 21 Jun 2026" and "18:02:30". */
export function moment(iso: string, timezone: string): { day: string; time: string } {
  const at = new Date(iso);
  const day = at.toLocaleDateString(DATES, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: timezone });
  return { day: day.replace(',', ''), time: at.toLocaleTimeString(DATES, { timeZone: timezone }) };
}

/** The time of day of a moment. */
export function clockTime(unixSeconds: number, timezone: string, withSeconds = false): string {
  const text = new Date(unixSeconds * 1000).toLocaleTimeString(DATES, { timeZone: timezone });
  return withSeconds ? text : text.slice(0, 5);
}

/** The length of a bucket of the historian: 5m is 5 min. */
export function bucketText(resolution: string): string {
  const [, count = '', unit = ''] = /^(\d+)([smh])$/.exec(resolution) ?? [];
  if (count) return `${count}${THIN}${unit === 'm' ? 'min' : unit}`;
  const names: Readonly<Record<string, string>> = {
    day: $localize`a day`,
    week: $localize`a week`,
    month: $localize`a month`,
    year: $localize`a year`,
  };
  return names[resolution] ?? resolution;
}
