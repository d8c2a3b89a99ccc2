import type { AssetBalance, Contract } from '@words';
import { limitOf, stackOf } from './stack';

const contract = (contract_id: string, more: Partial<Contract>): Contract => ({
  contract_id,
  asset_id: 's',
  partner_id: 'b',
  direction: 'to',
  status: 'active',
  priority: 0,
  ...more,
});
const OPEN = { asset_id: 's', epoch: 1, sealed: false, in_wh: 500, out_wh: 0, net_wh: 500, open_wh: 500, postings: [] } as AssetBalance;
const served = (id: string, wh: number) => ({ from: 's', to: 'b', epoch: 1, wh, kind: 'contract' as const, contract_id: id });

describe('the merit order as a stack', () => {
  it('stands one contract behind the other and clears at what is there', () => {
    const order = [contract('a', { energy: 200 }), contract('b', { energy: 400 })];
    const stack = stackOf(order, { ...OPEN, proposed: [served('a', 200), served('b', 300)] }, 900);
    expect(stack.steps.map((one) => [one.fromWh, one.toWh, one.servedWh])).toEqual([
      [0, 200, 200],
      [200, 600, 300],
    ]);
    expect(stack.clearingWh).toBe(500);
  });
  it('says of a sealed epoch what was there before', () => {
    const residual = { from: 's', to: 'up', epoch: 1, wh: 500, kind: 'residual' as const };
    const sealed = { ...OPEN, sealed: true, open_wh: 0, upstream_to: 'up', postings: [residual, served('a', 200)] };
    expect(stackOf([contract('a', { energy: 200 })], sealed, 900).clearingWh).toBe(500);
  });
  it('shows the purchases of a shortage', () => {
    const order = [contract('sale', {}), contract('purchase', { direction: 'from' })];
    const stack = stackOf(order, { ...OPEN, open_wh: -80 }, 900);
    expect([stack.steps.map((one) => one.contract.contract_id), stack.isShortage]).toEqual([['purchase'], true]);
  });
  it('takes the smallest of the limits', () => {
    expect(limitOf(contract('a', { energy: 600, load_max: 2000, total_energy: 900, balanced: 500 }), 900)).toBe(400);
    expect(limitOf(contract('a', { load_max: 2000 }), 900)).toBe(500);
    expect(limitOf(contract('a', {}), 900)).toBeNull();
  });
});
