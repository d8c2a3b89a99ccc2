import type { ListedContract } from '@words';
import { changedOf, draftOf, EMPTY, termsOf } from './terms';

const CONTRACT = {
  contract_id: 'c',
  asset_id: 's',
  partner_id: 'b',
  direction: 'to',
  status: 'active',
  priority: 0,
  energy: 200,
  valid_from: 7,
} as ListedContract;
const epochOf = (time: string) => (time ? Number(time) : null);

describe('the terms of a contract', () => {
  it('come back from the form as they were', () => {
    const terms = termsOf(draftOf(CONTRACT, String), epochOf);
    expect([terms.energy, terms.total_energy, terms.valid_from, terms.valid_until]).toEqual([200, null, 7, null]);
  });
  it('leave what is no number to the market', () => expect(termsOf({ ...EMPTY, energy: '2 kWh' }, epochOf).energy).toBe('2 kWh'));
  it('are asked for only where they differ', () => {
    const before = termsOf(draftOf(CONTRACT, String), epochOf);
    expect(changedOf(before, { ...before, load_max: 900 })).toEqual({ load_max: 900 });
  });
});
