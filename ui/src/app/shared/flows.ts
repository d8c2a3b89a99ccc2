import type { Layer } from './stack-chart';

/** Flows of an answer of the historian as layers of a chart: what the home takes above the line, what goes elsewhere below. */
const LAYERS: readonly { label: string; look: string; isBelow: boolean; flows: readonly string[] }[] = [
  { label: $localize`from solar`, look: 'solar', isBelow: false, flows: ['sun>loads'] },
  { label: $localize`from producers`, look: 'producers', isBelow: false, flows: ['producers>loads'] },
  { label: $localize`from the battery`, look: 'battery', isBelow: false, flows: ['battery>loads'] },
  { label: $localize`from the grid`, look: 'grid', isBelow: false, flows: ['grid>loads'] },
  { label: $localize`into the battery`, look: 'battery', isBelow: true, flows: ['sun>battery', 'grid>battery', 'producers>battery'] },
  { label: $localize`exported`, look: 'export', isBelow: true, flows: ['sun>export', 'battery>export', 'producers>export'] },
  { label: $localize`heat`, look: 'heat', isBelow: true, flows: ['sun>heat', 'battery>heat', 'grid>heat', 'producers>heat'] },
];

/** The layers that have something in them. */
export function layersOf(series: Readonly<Record<string, readonly number[]>>, buckets: number): Layer[] {
  return LAYERS.map(({ flows, ...layer }) => ({
    ...layer,
    joules: Array.from({ length: buckets }, (_, bucket) => flows.reduce((sum, flow) => sum + (series[flow]?.[bucket] ?? 0), 0)),
  })).filter((layer) => layer.joules.some((joules) => joules > 0));
}

/** Sum of all flows that a function counts. */
export function sumOf(flows: Readonly<Record<string, number>>, counts: (source: string, sink: string) => boolean): number {
  return Object.entries(flows).reduce((sum, [flow, amount]) => {
    const [source = '', sink = ''] = flow.split('>');
    return counts(source, sink) ? sum + amount : sum;
  }, 0);
}
