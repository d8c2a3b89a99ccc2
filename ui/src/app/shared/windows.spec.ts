import { minutesOf, partsOf, readWindows, timeText, writeWindows } from './windows';

describe('windows of a day', () => {
  it('come back as they were written', () => {
    const { daily, others } = readWindows(['22:00-06:00', 'Mon-Fri 07:00-09:00', '10:15-12:00']);
    expect(writeWindows(daily, others)).toEqual(['10:15-12:00', '22:00-06:00', 'Mon-Fri 07:00-09:00']);
  });
  it('keep what is no daily time as text', () => expect(readWindows(['Sat 10:00-11:00']).others).toEqual(['Sat 10:00-11:00']));
  it('are never when nothing is left', () => expect(writeWindows([], [])).toBe('never'));
  it('go over midnight in two parts', () =>
    expect(partsOf({ begins: 1320, ends: 360 })).toEqual([
      { begins: 1320, ends: 1440 },
      { begins: 0, ends: 360 },
    ]));
  it('may end at midnight and last all day', () => {
    expect(writeWindows(readWindows(['20:00-24:00']).daily, [])).toEqual(['20:00-24:00']);
    expect(writeWindows(readWindows(['00:00-24:00']).daily, [])).toEqual(['00:00-24:00']);
  });
  it('say times', () => expect([timeText(375), minutesOf('06:15'), minutesOf('x')]).toEqual(['06:15', 375, null]));
});
