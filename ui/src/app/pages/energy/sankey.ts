/** A band from one side to the other. */
export interface Band {
  readonly key: string;
  readonly look: string;
  readonly d: string;
  readonly label: string;
  readonly amount: number;
}

/** A block of the diagram, with its name and its amount. */
export interface Block {
  readonly name: string;
  readonly look: string;
  readonly amount: number;
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly isLeft: boolean;
}

export interface Sankey {
  readonly bands: readonly Band[];
  readonly blocks: readonly Block[];
  readonly height: number;
}

const SOURCES = ['sun', 'producers', 'battery', 'grid'];
const SINKS = ['loads', 'battery', 'export', 'heat'];
const LOOKS: Readonly<Record<string, string>> = {
  sun: 'solar',
  producers: 'producers',
  battery: 'battery',
  grid: 'grid',
  loads: 'load',
  export: 'export',
  heat: 'heat',
};
const NAMES: Readonly<Record<string, string>> = {
  sun: $localize`Solar`,
  producers: $localize`Producers`,
  battery: $localize`Battery`,
  grid: $localize`Grid import`,
  loads: $localize`Home`,
  export: $localize`Grid export`,
  heat: $localize`Heat`,
};
export const THICK = 14;
const GAP = 30;
const BLOCKS_HEIGHT = 300;
const LEAST = 2;
const DEVICES_MAX = 8;

/**
 * Who gave to whom: sources, sinks, and the devices that the home's part went to. The order is fixed, so nothing jumps from tick to tick;
 * battery and grid stand on both sides, so that there is no circle.
 */
export function sankey(
  flows: Readonly<Record<string, number>>,
  devices: Readonly<Record<string, number>>,
  columns: readonly [number, number, number],
): Sankey {
  const all = Object.values(flows).reduce((sum, amount) => sum + amount, 0) || 1;
  const scale = BLOCKS_HEIGHT / all;
  const left = blocks(SOURCES, (source) => sum(flows, `${source}>`, ''), columns[0], scale, true);
  const right = blocks(SINKS, (sink) => sum(flows, '', `>${sink}`), columns[1], scale, false);
  const loads = right.find((block) => block.name === NAMES['loads']);
  const parts = loads ? shares(devices, loads.amount) : [];
  const third = stack(
    parts.map((part) => ({ name: part.name, look: 'load', amount: part.amount })),
    columns[2],
    scale,
    false,
    loads?.y ?? 0,
  );
  const bands = [...between(flows, left, right, scale), ...(loads ? fan(loads, third, scale) : [])];
  const every = [...left, ...right, ...third];
  return { bands, blocks: every, height: Math.max(BLOCKS_HEIGHT, ...every.map((block) => block.y + Math.max(block.height, 18))) + 10 };
}

function sum(flows: Readonly<Record<string, number>>, begins: string, ends: string): number {
  return Object.entries(flows).reduce(
    (total, [flow, amount]) => (flow.startsWith(begins) && flow.endsWith(ends) ? total + amount : total),
    0,
  );
}

function blocks(names: readonly string[], amountOf: (name: string) => number, x: number, scale: number, isLeft: boolean): Block[] {
  const found = names
    .map((name) => ({ name: NAMES[name] ?? name, look: LOOKS[name] ?? 'load', amount: amountOf(name) }))
    .filter((one) => one.amount > 0);
  return stack(found, x, scale, isLeft, 8);
}

function stack(
  found: readonly { name: string; look: string; amount: number }[],
  x: number,
  scale: number,
  isLeft: boolean,
  top: number,
): Block[] {
  let y = Math.max(8, top);
  return found.map((one) => {
    const block = { ...one, x, y, height: Math.max(LEAST, one.amount * scale), isLeft };
    y += Math.max(block.height, 12) + GAP * (isLeft || x < 700 ? 1 : 0.45);
    return block;
  });
}

/** The strongest devices, in the order of their names, the rest as one; they share what the home took. */
function shares(devices: Readonly<Record<string, number>>, amount: number): { name: string; amount: number }[] {
  const sorted = Object.entries(devices)
    .filter(([, taken]) => taken > 0)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const whole = sorted.reduce((total, [, taken]) => total + taken, 0) || 1;
  const named = sorted
    .slice(0, DEVICES_MAX)
    .map(([name, taken]) => ({ name, amount: taken }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const rest = sorted.slice(DEVICES_MAX);
  const others = rest.length
    ? [{ name: $localize`${rest.length}:COUNT: others`, amount: rest.reduce((total, [, taken]) => total + taken, 0) }]
    : [];
  return [...named, ...others].map((part) => ({ ...part, amount: (part.amount * amount) / whole }));
}

function between(flows: Readonly<Record<string, number>>, left: readonly Block[], right: readonly Block[], scale: number): Band[] {
  const used = new Map<Block, number>();
  return SOURCES.flatMap((source) =>
    SINKS.flatMap((sink) => {
      const amount = flows[`${source}>${sink}`] ?? 0;
      const from = left.find((block) => block.name === NAMES[source]);
      const to = right.find((block) => block.name === NAMES[sink]);
      return amount > 0 && from && to ? [band(`${source}>${sink}`, LOOKS[source] ?? 'load', amount, [from, to], used, scale)] : [];
    }),
  );
}

function fan(loads: Block, devices: readonly Block[], scale: number): Band[] {
  const used = new Map<Block, number>();
  return devices.map((device) => band(`loads>${device.name}`, 'load', device.amount, [loads, device], used, scale));
}

function band(
  key: string,
  look: string,
  amount: number,
  [from, to]: readonly [Block, Block],
  used: Map<Block, number>,
  scale: number,
): Band {
  const thick = Math.max(1, amount * scale);
  const take = (block: Block) => {
    const begun = used.get(block) ?? 0;
    used.set(block, begun + amount * scale);
    return block.y + begun;
  };
  const [a, b] = [take(from), take(to)];
  const [x, end] = [from.x + THICK, to.x];
  const middle = (x + end) / 2;
  const d = `M${x} ${a}C${middle} ${a} ${middle} ${b} ${end} ${b}V${b + thick}C${middle} ${b + thick} ${middle} ${a + thick} ${x} ${a + thick}Z`;
  return { key, look, d, amount, label: `${from.name} → ${to.name}` };
}
