import { decimal } from '../../shared/units';

/** A register of a meter, for people. */
export interface Register {
  readonly code: string;
  readonly name: string;
  readonly value: string;
}

const NAMES: Readonly<Record<string, string>> = {
  '1-0:1.8.1': $localize`Imported, tariff 1 (day)`,
  '1-0:1.8.2': $localize`Imported, tariff 2 (night)`,
  '1-0:2.8.1': $localize`Exported, tariff 1 (day)`,
  '1-0:2.8.2': $localize`Exported, tariff 2 (night)`,
  '1-0:1.7.0': $localize`Import now`,
  '1-0:2.7.0': $localize`Export now`,
  '1-0:1.4.0': $localize`Quarter-hour so far`,
  '1-0:1.6.0': $localize`Peak of the month`,
  ...ofPhases('1.7', (phase) => $localize`Import of phase ${phase}:PHASE:`),
  ...ofPhases('2.7', (phase) => $localize`Export of phase ${phase}:PHASE:`),
  ...ofPhases('12.7', (phase) => $localize`Voltage of phase ${phase}:PHASE:`),
  ...ofPhases('11.7', (phase) => $localize`Current of phase ${phase}:PHASE:`),
};
/** By the kind of the meter that is wired to this one. */
const VOLUMES: Readonly<Record<string, string>> = { '003': $localize`Gas`, '007': $localize`Water` };
const LINE = /^(\d-\d:\d+\.\d+\.\d+)((?:\([^()]*\))+)$/;
const NUMBER = /^(-?\d+(?:\.(\d+))?)\*(.+)$/;
const UNITS: Readonly<Record<string, string>> = { m3: 'm³' };

/** What a telegram (eMUCS-P1) says in numbers, in its own order; identities, settings and what is known only to the operator are left out. */
export function registersOf(telegram: string): Register[] {
  const lines = telegram.split('\r\n').flatMap((line) => {
    const found = LINE.exec(line);
    const values = found?.[2]?.slice(1, -1).split(')(') ?? [];
    return found?.[1] ? [{ code: found[1], last: values.at(-1) ?? '' }] : [];
  });
  const kinds = new Map(lines.filter(({ code }) => code.endsWith(':24.1.0')).map(({ code, last }) => [code.split(':')[0], last]));
  return lines.flatMap(({ code, last }) => {
    const [channel = '', number = ''] = code.split(':');
    const name = /^24\.2\.[13]$/.test(number) ? VOLUMES[kinds.get(channel) ?? ''] : NAMES[code];
    const value = NUMBER.exec(last);
    if (!name || !value) return [];
    const [, amount = '', digits = '', unit = ''] = value;
    return [{ code, name, value: `${decimal(Number(amount), digits.length)}\u202f${UNITS[unit] ?? unit}` }];
  });
}

/** The codes of all three phases: 21.7.0 is that of 1.7.0 for the first, 41.7.0 for the second. */
function ofPhases(first: string, name: (phase: number) => string): Record<string, string> {
  const [number = 0, kind = 0] = first.split('.').map(Number);
  return Object.fromEntries([1, 2, 3].map((phase) => [`1-0:${number + 20 * phase}.${kind}.0`, name(phase)]));
}
