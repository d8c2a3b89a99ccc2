import type { History } from '@words';
import { figuresOf } from './figures';

const history = (unit: History['unit'], series: Record<string, number[]>): History => ({
  from_unix_seconds: 0,
  to_unix_seconds: 20,
  resolution: '10s',
  starts: [0, 10],
  unit,
  series,
  record: 1,
});

describe('the sums of a span', () => {
  it('count each flow where it belongs', () => {
    const energy = history('J', {
      'sun>loads': [5, 5],
      'sun>export': [0, 3],
      'grid>loads': [1, 0],
      'grid>battery': [2, 0],
      'sun>heat': [1, 0],
    });
    expect(figuresOf(energy, history('micro-euro', { import: [9, 0], export: [0, 2], cost: [9, -2] }))).toEqual({
      solar: 14,
      used: 11,
      bought: 3,
      sold: 3,
      cost: 7,
    });
  });
  it('are nothing where nothing is said', () => {
    expect(figuresOf(history('J', {}), history('micro-euro', {}))).toEqual({ solar: 0, used: 0, bought: 0, sold: 0, cost: 0 });
  });
});
