import { CarMoment, flowWords, placeWords } from './car-state';

const CAR: CarMoment = {
  isOn: true,
  hasCharger: true,
  isChargerTaken: false,
  isChargerClosed: false,
  isPluggedIn: true,
  awayUntil: null,
  watts: 0,
  percent: 40,
  targetPercent: 80,
  timezone: 'Europe/Brussels',
};

describe('what a car does', () => {
  it.each<[Partial<CarMoment>, string, string]>([
    [{ watts: 3680 }, 'plugged in', 'charging with 3.68\u202fkW'],
    [{ watts: -2000 }, 'plugged in', 'gives the home 2.00\u202fkW'],
    [{}, 'plugged in', 'waits'],
    [{ isChargerClosed: true }, 'plugged in', 'waits: its charger lets nothing through'],
    [{ isChargerTaken: true, isChargerClosed: true }, 'plugged in', 'waits: its charger serves another car first'],
    [{ percent: 80 }, 'plugged in', 'charged up to its target'],
    [{ isPluggedIn: false }, 'not plugged in', 'not plugged in'],
    [{ isPluggedIn: false, awayUntil: 1_781_883_900 }, 'on the road', 'on the road until Fri 19 Jun 17:45'],
    [{ hasCharger: false, isPluggedIn: false }, 'without a charger', 'cannot be charged'],
    [{ isOn: false }, 'switched off', 'switched off'],
  ])('is said in words: %o', (what, place, flow) => {
    expect([placeWords({ ...CAR, ...what }), flowWords({ ...CAR, ...what })]).toEqual([place, flow]);
  });
});
