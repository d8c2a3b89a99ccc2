import type { Device } from '../../bus/home-store';
import { carProgramOf, carsOf, chargerOf } from './serving';

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
});
