import type { AskedVariant, WhatIfRun, WhatIfVariant } from '@words';
import { told } from '../../shared/told';
import { energy, money, percent } from '../../shared/units';

/** A variant as somebody writes it. */
export interface Draft {
  readonly label: string;
  readonly changes: readonly Change[];
}

export interface Change {
  readonly device: string;
  readonly property: string;
  /** As it was typed: JSON, or else a text. */
  readonly text: string;
}

/** A row of the table of results. */
export interface Row {
  readonly number: number;
  readonly label: string;
  readonly changes: string;
  readonly error: string;
  readonly isBest: boolean;
  readonly cost: string;
  readonly saves: string;
  readonly bought: string;
  readonly sold: string;
  readonly own: string;
}

/** What is asked of the home. */
export function asked({ label, changes }: Draft): AskedVariant {
  return { label, changes: Object.fromEntries(changes.map((one) => [`${one.device}.${one.property}`, valueOf(one.text)])) };
}

/** A number, a list or true are what they look like; anything else is a text. */
export function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Changes by device, as the home takes them: what is switched, and what is set. */
export function byDevice(changes: Readonly<Record<string, unknown>>): Map<string, { on?: boolean; properties: Record<string, unknown> }> {
  const found = new Map<string, { on?: boolean; properties: Record<string, unknown> }>();
  for (const [path, value] of Object.entries(changes)) {
    const dot = path.indexOf('.');
    const [device, property] = [path.slice(0, dot), path.slice(dot + 1)];
    const one = found.get(device) ?? { properties: {} };
    found.set(
      device,
      property === 'on' ? { ...one, on: value === true } : { ...one, properties: { ...one.properties, [property]: value } },
    );
  }
  return found;
}

export function spokenChanges(changes: Readonly<Record<string, unknown>>): string {
  return Object.entries(changes)
    .map(([path, value]) => `${path} = ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

/** One row for each variant; costs count what is left in the batteries, so that none looks cheap because it ends empty. */
export function rowsOf(run: WhatIfRun): Row[] {
  const variants = run.variants ?? [];
  const first = costOf(variants[0]);
  return variants.map((variant, number) => {
    const totals = variant.totals ?? {};
    const cost = costOf(variant);
    const saved = cost === null || first === null ? null : first - cost;
    return {
      number,
      label: labelOf(variant, number),
      changes: spokenChanges(variant.changes ?? {}),
      error: told(variant.error ?? ''),
      isBest: number === run.best,
      cost: cost === null ? '–' : money(cost, run.currency ?? ''),
      saves: saved === null || !number ? '–' : savedText(saved, run.currency ?? ''),
      bought: joules(totals['import_joules']),
      sold: joules(totals['export_joules']),
      own:
        totals['self_sufficiency_ppm'] === null || totals['self_sufficiency_ppm'] === undefined
          ? '–'
          : percent(totals['self_sufficiency_ppm']),
    };
  });
}

/** The first is the home as it is, and the home calls it so; all others are called as people want. */
export function labelOf({ label }: WhatIfVariant, number: number): string {
  return number ? label : told(label);
}

function savedText(microUnits: number, currency: string): string {
  const amount = money(Math.abs(microUnits), currency);
  if (Math.round(microUnits / 10_000) === 0) return $localize`the same`;
  return microUnits > 0 ? $localize`saves ${amount}:AMOUNT:` : $localize`costs ${amount}:AMOUNT: more`;
}

function joules(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : energy(value);
}

function costOf(variant: WhatIfVariant | undefined): number | null {
  return variant?.totals?.['cost_with_stored_micro_euro'] ?? variant?.totals?.['cost_micro_euro'] ?? null;
}
