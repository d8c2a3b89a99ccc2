import type { History } from '@words';
import { linesOf, sourcesOf, totals } from './sources';

const history = (series: Record<string, number[]>): History => ({
  from_unix_seconds: 0,
  to_unix_seconds: 20,
  resolution: '10s',
  starts: [0, 10],
  unit: 'J',
  series,
  record: 1,
});

describe('what a device took, by source', () => {
  const flows = history({ 'sun>loads': [300, 0], 'grid>loads': [100, 200], 'sun>battery': [50, 0] });
  const oven = sourcesOf(flows, history({ 'oven.in': [80, 200], 'oven.out': [9, 9] })).get('oven');

  it('is shared bucket by bucket', () =>
    expect(oven?.map((one) => [one.source, one.amount])).toEqual([
      ['sun', 60],
      ['grid', 220],
    ]));
  it('sums to what it took', () => expect(oven?.reduce((sum, one) => sum + one.amount, 0)).toBe(280));
  it('is drawn as mean power', () => {
    const lines = linesOf(flows);
    expect(lines.find((line) => line.look === 'solar')?.values).toEqual([35, 0]);
    expect(lines.find((line) => line.look === 'battery')?.values).toEqual([5, 0]);
  });
  it('is summed by name', () => expect(totals({ a: [1, 2] })).toEqual({ a: 3 }));
});
