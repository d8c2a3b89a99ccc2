import type { WhatIfRun } from '@words';
import { asked, byDevice, rowsOf, valueOf } from './variants';

describe('variants of a home', () => {
  it('a value is what it looks like, and else a text', () => {
    expect(['20', 'true', '["10:00-11:00"]', 'eco', '1e3'].map(valueOf)).toEqual([20, true, ['10:00-11:00'], 'eco', 1000]);
  });

  it('is asked for by path', () => {
    const changes = [
      { device: 'battery', property: 'capacity_kwh', text: '20' },
      { device: 'tv', property: 'on', text: 'false' },
    ];
    expect(asked({ label: 'x', changes })).toEqual({ label: 'x', changes: { 'battery.capacity_kwh': 20, 'tv.on': false } });
  });

  it('is applied device by device, switches apart from properties', () => {
    expect([...byDevice({ 'battery.capacity_kwh': 20, 'tv.on': false, 'battery.charge_watts_max': 5 })]).toEqual([
      ['battery', { properties: { capacity_kwh: 20, charge_watts_max: 5 } }],
      ['tv', { on: false, properties: {} }],
    ]);
  });

  it('costs are compared with the home as it is, and nothing is said twice', () => {
    const run: WhatIfRun = {
      state: { run: 'w1', state: 'done' },
      currency: '€',
      best: 1,
      variants: [
        { label: 'as it is', changes: {}, totals: { cost_with_stored_micro_euro: 5_000_000, import_joules: 3_600_000 } },
        { label: 'bigger', changes: { 'battery.capacity_kwh': 20 }, totals: { cost_with_stored_micro_euro: 3_500_000 } },
        { label: 'wrong', changes: {}, error: 'battery has no property size' },
      ],
    };
    const rows = rowsOf(run);
    expect(rows.map((row) => [row.cost, row.saves, row.isBest])).toEqual([
      ['5.00\u202f€', '–', false],
      ['3.50\u202f€', 'saves 1.50\u202f€', true],
      ['–', '–', false],
    ]);
    expect([rows[0]?.bought, rows[1]?.changes, rows[2]?.error]).toEqual([
      '1.00\u202fkWh',
      'battery.capacity_kwh = 20',
      'battery has no property size',
    ]);
  });
});
