import type { History } from '@words';
import type { Line } from '../../shared/line-chart';

/** A part of what a device took. */
export interface Source {
  readonly source: string;
  readonly look: string;
  readonly text: string;
  readonly amount: number;
  readonly share: number;
}

const SOURCES: readonly { source: string; look: string; text: string }[] = [
  { source: 'sun', look: 'solar', text: $localize`Solar` },
  { source: 'producers', look: 'producers', text: $localize`Producers` },
  { source: 'battery', look: 'battery', text: $localize`Battery` },
  { source: 'grid', look: 'grid', text: $localize`Grid` },
];

/** By device, from where it took what it took: in each bucket in the proportions in which the home's loads were supplied. */
export function sourcesOf(flows: History, devices: History): Map<string, Source[]> {
  const found = new Map<string, Source[]>();
  const supplied = flows.starts.map((_, bucket) => SOURCES.map(({ source }) => flows.series[`${source}>loads`]?.[bucket] ?? 0));
  for (const [name, values] of Object.entries(devices.series)) {
    if (!name.endsWith('.in')) continue;
    const amounts = SOURCES.map((_, index) =>
      values.reduce((sum, taken, bucket) => sum + taken * shareOf(supplied[bucket] ?? [], index), 0),
    );
    const whole = amounts.reduce((sum, one) => sum + one, 0);
    const parts = SOURCES.map((one, index) => ({ ...one, amount: amounts[index] ?? 0, share: whole ? (amounts[index] ?? 0) / whole : 0 }));
    found.set(
      name.slice(0, -3),
      parts.filter((one) => one.amount > 0),
    );
  }
  return found;
}

/** Mean powers as lines: what the sun gave, what the home took, the battery (charging is positive), and the grid both ways. */
export function linesOf(flows: History): Line[] {
  const reached = [...flows.starts, flows.to_unix_seconds];
  const mean = (counts: (source: string, sink: string) => number) =>
    flows.starts.map((start, bucket) => {
      const joules = Object.entries(flows.series).reduce((sum, [flow, values]) => {
        const [source = '', sink = ''] = flow.split('>');
        return sum + counts(source, sink) * (values[bucket] ?? 0);
      }, 0);
      return joules / Math.max(1, (reached[bucket + 1] ?? start + 1) - start);
    });
  const lines = [
    { label: $localize`solar`, look: 'solar', values: mean((source) => Number(source === 'sun')) },
    { label: $localize`home`, look: 'load', values: mean((_, sink) => Number(sink === 'loads')) },
    {
      label: $localize`battery; above 0 it charges`,
      look: 'battery',
      values: mean((source, sink) => Number(sink === 'battery') - Number(source === 'battery')),
    },
    { label: $localize`bought`, look: 'grid', values: mean((source) => Number(source === 'grid')) },
    { label: $localize`sold`, look: 'export', values: mean((_, sink) => Number(sink === 'export')) },
  ];
  return lines.filter((line) => line.values.some((value) => value !== 0));
}

/** The sum of each series. */
export function totals(series: Readonly<Record<string, readonly number[]>>): Record<string, number> {
  return Object.fromEntries(Object.entries(series).map(([name, values]) => [name, values.reduce((sum, value) => sum + value, 0)]));
}

function shareOf(supplied: readonly number[], index: number): number {
  const whole = supplied.reduce((sum, one) => sum + one, 0);
  return whole ? (supplied[index] ?? 0) / whole : 0;
}
