import { levelAt, readinessAt, wantedPercent } from './readiness';

const NEED = { targetPercent: 80, minimumPercent: 20, capacityKwh: 50, whPerKm: 200 };
const KWH = 3_600_000;
const READY = { unix: 2000, trip: null };
const TRIP = { unix: 2000, trip: { departs: '07:00', hours: 2, km: 100 } };

describe('whether a car was ready', () => {
  it('is asked of the target, or of what the trip takes', () => {
    expect(wantedPercent(READY, NEED)).toBe(80);
    expect(wantedPercent(TRIP, NEED)).toBe(60);
    expect(wantedPercent({ unix: 0, trip: { departs: '07:00', hours: 9, km: 900 } }, NEED)).toBe(100);
  });

  it('is read from the last level before it', () => {
    const levels = { starts: [0, 1000, 2000], ends: 3000, joules: [1, 2, 3] };
    expect([500, 1000, 2500, 3000].map((unix) => levelAt(levels, unix))).toEqual([null, 1, 2, 3]);
  });

  it.each([
    [40, true],
    [39.8, true],
    [39, false],
  ])('with %s kWh inside', (kwh, isReady) => {
    const levels = { starts: [1000], ends: 2000, joules: [kwh * KWH] };
    expect(readinessAt(READY, NEED, levels)?.isReady).toBe(isReady);
  });

  it('is not known without a past', () => {
    expect(readinessAt(READY, NEED, { starts: [1000], ends: 2000, joules: [null] })).toBeNull();
  });
});
