import type { Asset, ListedContract, Posting } from '@words';
import { graphOf } from './graph';

const asset = (asset_id: string, type: string, from: string | null, to: string | null): Asset => ({
  asset_id,
  type,
  balance_rule: { from, to },
});
const ASSETS = [asset('root', 'balance', null, null), asset('house', 'balance', 'root', 'root'), asset('roof', 'meter', null, 'house')];
const CONTRACT = {
  contract_id: 'sunshine',
  asset_id: 'house',
  partner_id: 'neighbour',
  direction: 'to',
  status: 'active',
  priority: 0,
} as ListedContract;
const POSTINGS = [
  { from: 'roof', to: 'house', epoch: 1, wh: 500, kind: 'meter' },
  { from: 'house', to: 'root', epoch: 1, wh: 500, kind: 'residual' },
  { from: 'house', to: 'neighbour', epoch: 1, wh: 200, kind: 'contract', contract_id: 'sunshine' },
  { from: 'root', to: 'house', epoch: 1, wh: 200, kind: 'counter', contract_id: 'sunshine' },
] as Posting[];

describe('the graph of groups', () => {
  const graph = graphOf(ASSETS, [CONTRACT], POSTINGS, 'root');
  const box = (name: string) => graph.boxes.find((one) => one.name === name);

  it('stands from meters at the left to the root at the right', () => {
    expect(box('roof')?.x).toBeLessThan(box('house')?.x ?? 0);
    expect(box('house')?.x).toBeLessThan(box('root')?.x ?? 0);
  });
  it('shows partners that are no assets', () => expect(box('neighbour')?.kind).toBe('partner'));
  it('counts both directions of a line once', () => {
    const line = graph.lines.find((one) => one.from === 'house' && one.to === 'root');
    expect([line?.forthWh, line?.backWh]).toEqual([500, 200]);
  });
  it('keeps what a contract moved apart', () => expect(graph.lines.find((one) => one.isContract)?.forthWh).toBe(200));
  it('balances what was balanced', () => expect(box('house')?.netWh).toBe(0));
  it('ends for rules in a circle', () => {
    const circle = graphOf([asset('a', 'balance', 'b', 'b'), asset('b', 'balance', 'a', 'a')], [], [], 'root');
    expect(circle.boxes.length).toBe(2);
  });
});
