import { dayAndTime, localText, roundMoments, unixOf } from './moments';

const BRUSSELS = 'Europe/Brussels';

describe('local times', () => {
  it('go there and back', () => {
    for (const unix of [1_782_057_600, 1_767_225_600, 1_774_746_000]) expect(unixOf(localText(unix, BRUSSELS), BRUSSELS)).toBe(unix);
  });
  it('take the first of two and skip what the clock skips', () => {
    expect(unixOf('2026-10-25T02:30', BRUSSELS)).toBe(Date.parse('2026-10-25T00:30Z') / 1000);
    expect(unixOf('2026-03-29T02:30', BRUSSELS)).toBe(Date.parse('2026-03-29T01:30Z') / 1000);
  });
  it('are none when they are not written', () => expect(unixOf('', BRUSSELS)).toBeNull());
  it('are round on an axis, by the clock of the place', () => {
    const [first, last] = ['2026-06-21T05:48', '2026-06-22T05:40'].map((text) => unixOf(text, BRUSSELS) ?? 0) as [number, number];
    const shown = roundMoments(first, last, BRUSSELS).map((unix) => localText(unix, BRUSSELS).slice(11));
    expect(shown).toEqual(['08:00', '12:00', '16:00', '20:00', '00:00', '04:00']);
    expect(roundMoments(first, first + 3_540, BRUSSELS).map((unix) => localText(unix, BRUSSELS).slice(11))).toEqual([
      '05:50',
      '06:00',
      '06:10',
      '06:20',
      '06:30',
      '06:40',
    ]);
  });
  it('are said with their day', () => expect(dayAndTime(1_782_057_600, BRUSSELS)).toBe('Sun 21 Jun 18:00'));
});
