import type { History } from '@words';

/** What a span comes to: J, and millionths of the currency. */
export interface Figures {
  readonly solar: number;
  readonly used: number;
  readonly bought: number;
  readonly sold: number;
  readonly cost: number;
}

/** The sums of a span. */
export function figuresOf(energy: History, cost: History): Figures {
  const sum = (counts: (source: string, sink: string) => boolean) =>
    Object.entries(energy.series).reduce((total, [flow, values]) => {
      const [source = '', sink = ''] = flow.split('>');
      return counts(source, sink) ? total + whole(values) : total;
    }, 0);
  return {
    solar: sum((source) => source === 'sun'),
    used: sum((_, sink) => sink === 'loads'),
    bought: sum((source) => source === 'grid'),
    sold: sum((_, sink) => sink === 'export'),
    cost: costOf(cost),
  };
}

/** Import less export. */
export function costOf(cost: History): number {
  return whole(cost.series['cost'] ?? []);
}

function whole(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
