import type { ScreenChanged, ScreenSnapshot } from '@words';
import { Mirror } from './mirror';

const OVEN = { kind: 'oven', on: true, hears: [], properties: {} };

function snapshot(revision: number): ScreenSnapshot {
  return {
    home: 'house',
    revision,
    start_unix_seconds: 0,
    tick_seconds: 1,
    timezone: 'UTC',
    counted_from_tick: 0,
    roster: { oven: OVEN },
    readings: {},
    energy: {},
    flows: { 'grid>loads': 1 },
    sealed_epochs: 1,
    lines: [],
    summary: {
      revision,
      record: 1,
      tick: 1,
      time: '2026-06-21T11:00:00Z',
      speed: 1,
      paused: false,
      lag_ticks: 0,
      power_watts: {},
      flow_watts: {},
      state_of_charge_ppm: {},
      cost_micro_euro: 0,
      decision: '',
    },
  };
}

function change(revision: number, more: Partial<ScreenChanged> = {}): ScreenChanged {
  return { revision, ...more };
}

describe('a mirror', () => {
  it('takes changes in order: named entries are replaced, null takes one away', () => {
    const mirror = new Mirror();
    mirror.takeSnapshot(snapshot(12));
    expect(mirror.takeChange(change(13, { roster: { tv: OVEN, oven: null }, flows: { 'grid>loads': 5 } }))).toBe(true);
    expect(Object.keys(mirror.snapshot?.roster ?? {})).toEqual(['tv']);
    expect(mirror.snapshot?.flows).toEqual({ 'grid>loads': 5 });
    expect(mirror.snapshot?.sealed_epochs).toBe(1);
  });

  it('A-41 notices a gap, keeps what came behind it, and is right after the next snapshot', () => {
    const mirror = new Mirror();
    mirror.takeSnapshot(snapshot(12));
    expect(mirror.takeChange(change(14, { sealed_epochs: 9 }))).toBe(false);
    expect(mirror.takeSnapshot(snapshot(13))).toBe(true);
    expect([mirror.snapshot?.revision, mirror.snapshot?.sealed_epochs]).toEqual([14, 9]);
  });

  it('asks again when a change behind the snapshot is missing', () => {
    const mirror = new Mirror();
    mirror.takeChange(change(15));
    expect(mirror.takeSnapshot(snapshot(13))).toBe(false);
  });

  it('sees in a summary that it has missed a change', () => {
    const mirror = new Mirror();
    mirror.takeSnapshot(snapshot(12));
    expect([mirror.fits(snapshot(12).summary), mirror.fits(snapshot(13).summary)]).toEqual([true, false]);
  });
});
