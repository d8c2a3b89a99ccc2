import type { Asset, ListedContract, Posting } from '@words';

/** Width and height of a box, and of the room for it. */
export const BOX = { width: 172, height: 62 };
const ROOM = { width: 292, height: 92 };
const EDGE = 12;

/** An asset at its place. */
export interface Box {
  readonly name: string;
  readonly kind: 'root' | 'group' | 'meter' | 'partner';
  readonly x: number;
  readonly y: number;
  /** What came in less what went out in the epoch, in Wh. */
  readonly netWh: number;
}

/** Two assets that are balanced against each other, or have a contract, and what went between them. */
export interface Line {
  readonly key: string;
  readonly isContract: boolean;
  readonly d: string;
  readonly x: number;
  readonly y: number;
  /** Wh from the first to the second, and back. */
  readonly forthWh: number;
  readonly backWh: number;
  readonly from: string;
  readonly to: string;
}

export interface Graph {
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  readonly width: number;
  readonly height: number;
}

/** Assets in columns: the root at the right, what is balanced against it left of it, meters at the left. */
export function graphOf(assets: readonly Asset[], contracts: readonly ListedContract[], postings: readonly Posting[], root: string): Graph {
  const pairs = pairsOf(assets, contracts);
  const byName = new Map(assets.map((asset) => [asset.asset_id, asset]));
  const names = [...new Set([...byName.keys(), ...pairs.flatMap((pair) => [pair.from, pair.to])])].sort();
  const depths = new Map(names.map((name) => [name, depthOf(name, byName, root)]));
  const deepest = Math.max(0, ...depths.values());
  const places = placesOf(names, depths, byName, deepest);
  const boxes = names.map((name) => ({
    name,
    kind:
      name === root
        ? ('root' as const)
        : (byName.get(name)?.type ?? 'partner') === 'meter'
          ? ('meter' as const)
          : groupOrPartner(name, byName),
    ...(places.get(name) ?? { x: 0, y: 0 }),
    netWh: postings.reduce((sum, one) => sum + one.wh * (Number(one.to === name) - Number(one.from === name)), 0),
  }));
  const lines = pairs.map((pair) => lineOf(pair, places, postings));
  return {
    boxes,
    lines,
    width: (deepest + 1) * ROOM.width - (ROOM.width - BOX.width) + 2 * EDGE,
    height: Math.max(BOX.height, ...boxes.map((box) => box.y + BOX.height)) + EDGE,
  };
}

interface Pair {
  readonly from: string;
  readonly to: string;
  readonly contract: string | null;
}

function groupOrPartner(name: string, assets: ReadonlyMap<string, Asset>): 'group' | 'partner' {
  return assets.has(name) ? 'group' : 'partner';
}

function pairsOf(assets: readonly Asset[], contracts: readonly ListedContract[]): Pair[] {
  const rules = assets.flatMap((asset) =>
    [...new Set([asset.balance_rule.to, asset.balance_rule.from])]
      .filter((name): name is string => !!name)
      .map((name) => ({ from: asset.asset_id, to: name, contract: null })),
  );
  const served = contracts
    .filter((one) => one.status === 'active')
    .map((one) => {
      const [from, to] = one.direction === 'to' ? [one.asset_id, one.partner_id] : [one.partner_id, one.asset_id];
      return { from, to, contract: one.contract_id };
    });
  return [...rules, ...served];
}

function depthOf(name: string, assets: ReadonlyMap<string, Asset>, root: string, seen: readonly string[] = []): number {
  const rule = assets.get(name)?.balance_rule;
  const up = rule?.to ?? rule?.from;
  if (name === root || !up || seen.includes(name)) return name === root ? 0 : 1;
  return 1 + depthOf(up, assets, root, [...seen, name]);
}

function placesOf(
  names: readonly string[],
  depths: ReadonlyMap<string, number>,
  assets: ReadonlyMap<string, Asset>,
  deepest: number,
): Map<string, { x: number; y: number }> {
  const rows = new Map<string, number>();
  for (let depth = 0; depth <= deepest; depth++) {
    const above = (name: string) => rows.get(assets.get(name)?.balance_rule.to ?? assets.get(name)?.balance_rule.from ?? '') ?? 99;
    const column = names.filter((name) => depths.get(name) === depth).sort((a, b) => above(a) - above(b) || (a < b ? -1 : 1));
    column.forEach((name, row) => rows.set(name, row));
  }
  const place = (name: string) => ({
    x: EDGE + (deepest - (depths.get(name) ?? 0)) * ROOM.width,
    y: EDGE + (rows.get(name) ?? 0) * ROOM.height,
  });
  return new Map(names.map((name) => [name, place(name)]));
}

function lineOf(pair: Pair, places: ReadonlyMap<string, { x: number; y: number }>, postings: readonly Posting[]): Line {
  const [a, b] = [places.get(pair.from) ?? { x: 0, y: 0 }, places.get(pair.to) ?? { x: 0, y: 0 }];
  const isContract = pair.contract !== null;
  const counted = postings.filter((one) =>
    isContract ? one.kind === 'contract' && one.contract_id === pair.contract : one.kind !== 'contract',
  );
  const wh = (from: string, to: string) => counted.reduce((sum, one) => (one.from === from && one.to === to ? sum + one.wh : sum), 0);
  return {
    key: `${pair.contract ?? ''}|${pair.from}|${pair.to}`,
    isContract,
    ...curve(a, b, isContract),
    forthWh: wh(pair.from, pair.to),
    backWh: isContract ? 0 : wh(pair.to, pair.from),
    from: pair.from,
    to: pair.to,
  };
}

/** From the side of a box to the side of another one; within a column around its left. */
function curve(a: { x: number; y: number }, b: { x: number; y: number }, isContract: boolean): { d: string; x: number; y: number } {
  const middle = BOX.height / 2 + (isContract ? 14 : 0);
  if (a.x === b.x) {
    const x = a.x + BOX.width;
    const out = x + 46;
    return {
      d: `M${x} ${a.y + middle}C${out} ${a.y + middle} ${out} ${b.y + middle} ${x} ${b.y + middle}`,
      x: x + 40,
      y: (a.y + b.y) / 2 + middle,
    };
  }
  const [left, right] = a.x < b.x ? [a, b] : [b, a];
  const [x, end] = [left.x + BOX.width, right.x];
  const half = (x + end) / 2;
  const d = `M${x} ${left.y + middle}C${half} ${left.y + middle} ${half} ${right.y + middle} ${end} ${right.y + middle}`;
  return { d, x: half, y: (left.y + right.y) / 2 + middle };
}
