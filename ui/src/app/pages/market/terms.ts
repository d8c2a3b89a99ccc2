import type { AddContract, ListedContract } from '@words';

/** What a person writes about a contract, as text; "" is: no limit. */
export interface Draft {
  readonly id: string;
  readonly seller: string;
  readonly partner: string;
  readonly direction: 'to' | 'from';
  readonly status: 'active' | 'inactive' | 'ended';
  readonly energy: string;
  readonly total: string;
  readonly loadMin: string;
  readonly loadMax: string;
  readonly from: string;
  readonly until: string;
}

export const EMPTY: Draft = {
  id: '',
  seller: '',
  partner: '',
  direction: 'to',
  status: 'active',
  energy: '',
  total: '',
  loadMin: '',
  loadMax: '',
  from: '',
  until: '',
};

/** The form of a contract that exists. */
export function draftOf(contract: ListedContract, timeOf: (epoch: number) => string): Draft {
  const text = (value: number | null | undefined) => (value === null || value === undefined ? '' : String(value));
  const time = (epoch: number | null | undefined) => (epoch === null || epoch === undefined ? '' : timeOf(epoch));
  return {
    id: contract.contract_id,
    seller: contract.asset_id,
    partner: contract.partner_id,
    direction: contract.direction,
    status: contract.status,
    energy: text(contract.energy),
    total: text(contract.total_energy),
    loadMin: text(contract.load_min),
    loadMax: text(contract.load_max),
    from: time(contract.valid_from),
    until: time(contract.valid_until),
  };
}

type Terms = Pick<AddContract, 'energy' | 'total_energy' | 'load_min' | 'load_max' | 'valid_from' | 'valid_until'>;

/** The limits that a draft says; what is no number is left as it is, so that the market says what is wrong with it. */
export function termsOf(draft: Draft, epochOf: (time: string) => number | null): Terms {
  const limit = (text: string) => {
    const value = text.trim();
    return value === '' ? null : /^\d+$/.test(value) ? Number(value) : (value as unknown as number);
  };
  return {
    energy: limit(draft.energy),
    total_energy: limit(draft.total),
    load_min: limit(draft.loadMin),
    load_max: limit(draft.loadMax),
    valid_from: epochOf(draft.from),
    valid_until: epochOf(draft.until),
  };
}

/** Which of the terms are others than before: only they are asked for. */
export function changedOf<T extends object>(before: T, after: T): Partial<T> {
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => before[name as keyof T] !== value)) as Partial<T>;
}
