import type { Device } from '../../bus/home-store';
import { carProgramOf, carsOf, chargerOf, servedAt } from './serving';

const device = (name: string, kind: string, hears: string[] = []) => ({ name, kind, hears }) as unknown as Device;
const HOME = [
  device('car_b', 'car', ['weather', 'wallbox', 'socket']),
  device('car_a', 'car', ['gone']),
  device('wallbox', 'charger'),
  device('socket', 'charger'),
  device('weather', 'weather'),
];
const BY_NAME = new Map(HOME.map((one) => [one.name, one]));

describe('who serves which car', () => {
  it('is the first charger that it hears', () => {
    expect(carsOf(HOME).map((one) => [one.name, chargerOf(one, BY_NAME)?.name ?? null])).toEqual([
      ['car_a', null],
      ['car_b', 'wallbox'],
    ]);
  });

  it('is nobody without a charger or a program', () => {
    expect(chargerOf(undefined, BY_NAME)).toBeNull();
    expect(carProgramOf(HOME)).toBeNull();
    expect(carProgramOf([...HOME, device('planner', 'car_program')])?.name).toBe('planner');
  });

  it.each([
    [[1, 1], 'car_a'],
    [[0, 1], 'car_b'],
    [[0, 0], 'car_a'],
  ])('is one car at a time: of %j the first that is plugged in', ([a, b], name) => {
    const at = (car: string, plugged = 0) => ({ ...device(car, 'car', ['wallbox']), isOn: true, readings: { plugged } });
    expect(servedAt('wallbox', [device('wallbox', 'charger'), at('car_b', b), at('car_a', a)])).toBe(name);
    expect(servedAt('socket', HOME)).toBeNull();
  });
});
