import type { AssetBalance, Contract, Posting } from '@words';

/** A contract in the stack: from where to where it reaches, and how much of it was served. */
export interface Step {
  readonly contract: Contract;
  readonly fromWh: number;
  readonly toWh: number;
  readonly servedWh: number;
  /** Nothing limits it in an epoch: it takes all that is left. */
  readonly isOpen: boolean;
}

export interface Stack {
  readonly steps: readonly Step[];
  /** What there is to deliver (or, of a shortage, to purchase) in the epoch: the line that clears the stack. */
  readonly clearingWh: number;
  readonly isShortage: boolean;
  readonly widthWh: number;
}

/** Contracts that are served one after the other, each behind the one before, and the line up to which they were served in an epoch. */
export function stackOf(order: readonly Contract[], balance: AssetBalance | null, epochSeconds: number): Stack {
  const openWh = balance ? clearingOf(balance) : 0;
  const direction = openWh < 0 ? 'from' : 'to';
  const ranked = order.filter((one) => one.status === 'active' && one.direction === direction);
  const postings = [...(balance?.postings ?? []), ...(balance?.proposed ?? [])];
  const clearingWh = Math.abs(openWh);
  const limits = ranked.map((one) => limitOf(one, epochSeconds));
  const bounded = limits.reduce<number>((sum, limit) => sum + (limit ?? 0), 0);
  const open = Math.max(clearingWh - bounded, Math.max(clearingWh, bounded, 1) * 0.2);
  const ends = limits.reduce<number[]>((found, limit) => [...found, (found.at(-1) ?? 0) + (limit ?? open)], []);
  const steps = ranked.map((contract, index) => ({
    contract,
    fromWh: ends[index - 1] ?? 0,
    toWh: ends[index] ?? 0,
    servedWh: servedOf(contract.contract_id, postings),
    isOpen: limits[index] === null,
  }));
  return { steps, clearingWh, isShortage: openWh < 0, widthWh: Math.max(1, ends.at(-1) ?? 0, clearingWh) * 1.06 };
}

/** What a contract may take in an epoch; null: no limit. */
export function limitOf(contract: Contract, epochSeconds: number): number | null {
  const limits = [
    contract.energy,
    contract.load_max == null ? null : Math.floor((contract.load_max * epochSeconds) / 3600),
    contract.total_energy == null ? null : Math.max(0, contract.total_energy - (contract.balanced ?? 0)),
  ].filter((limit): limit is number => limit != null);
  return limits.length ? Math.min(...limits) : null;
}

function servedOf(contract: string, postings: readonly Posting[]): number {
  return postings.reduce((sum, one) => (one.kind === 'contract' && one.contract_id === contract ? sum + one.wh : sum), 0);
}

/** What was open before the seal: positive too much, negative too little. Of a sealed asset its residual says it. */
function clearingOf(balance: AssetBalance): number {
  if (!balance.sealed) return balance.open_wh ?? 0;
  const residual = (from: string | null | undefined, to: string | null | undefined) =>
    (balance.postings ?? []).reduce((sum, one) => (one.kind === 'residual' && one.from === from && one.to === to ? sum + one.wh : sum), 0);
  return residual(balance.asset_id, balance.upstream_to) - residual(balance.upstream_from, balance.asset_id);
}
