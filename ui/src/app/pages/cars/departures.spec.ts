import type { Trip } from '@words';
import { ahead, awayUntil, departuresOf, momentsOf } from './departures';

const BRUSSELS = 'Europe/Brussels';
const unix = (iso: string) => Date.parse(iso) / 1000;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
/** A Friday evening. */
const NOW = unix('2026-06-19T20:00:00+02:00');
const WORK: Trip = { departs: 'Mon-Fri 07:15', hours: 10.5, km: 64 };

describe('the departures of a car', () => {
  it.each([
    ['07:15', ['2026-06-20', '2026-06-21', '2026-06-22']],
    ['Mon-Fri 07:15', ['2026-06-22']],
    ['Sat,Mon 07:15', ['2026-06-20', '2026-06-22']],
    ['Sun-Mon 07:15', ['2026-06-21', '2026-06-22']],
    ['Wed 07:15', []],
  ])('come as people say it: %s', (text, days) => {
    const found = momentsOf(text, NOW, NOW + 3 * 86_400, BRUSSELS);
    expect(found.map(iso)).toEqual(days.map((day) => `${day}T05:15:00.000Z`));
  });

  it.each([
    ['2026-06-20 18:00:00', '2026-06-20T16:00:00.000Z'],
    ['2026-06-20 18:00:00+01:00', '2026-06-20T17:00:00.000Z'],
  ])('may come once: %s', (text, moment) => {
    expect(momentsOf(text, NOW, NOW + 86_400, BRUSSELS).map(iso)).toEqual([moment]);
    expect(momentsOf(text, NOW, NOW + 3_600, BRUSSELS)).toEqual([]);
  });

  it('keep the time of day when the clock is changed', () => {
    const found = momentsOf('07:00', unix('2026-10-24T12:00:00Z'), unix('2026-10-26T12:00:00Z'), BRUSSELS);
    expect(found.map(iso)).toEqual(['2026-10-25T06:00:00.000Z', '2026-10-26T06:00:00.000Z']);
  });

  it('are sorted, those of the car and those that people want', () => {
    const found = departuresOf([WORK], ['Sat 09:00', 'Mon 06:00'], ahead(NOW, BRUSSELS));
    expect(found.slice(0, 3).map((one) => [iso(one.unix), one.trip?.km ?? null])).toEqual([
      ['2026-06-20T07:00:00.000Z', null],
      ['2026-06-22T04:00:00.000Z', null],
      ['2026-06-22T05:15:00.000Z', 64],
    ]);
  });

  it.each([
    ['2026-06-19T07:14:59+02:00', null],
    ['2026-06-19T07:15:00+02:00', '2026-06-19T15:45:00.000Z'],
    ['2026-06-19T17:44:59+02:00', '2026-06-19T15:45:00.000Z'],
    ['2026-06-19T17:45:00+02:00', null],
  ])('keep it away from the first moment to the last: %s', (now, back) => {
    const found = awayUntil([WORK], unix(now), BRUSSELS);
    expect(found === null ? null : iso(found)).toBe(back);
  });
});
