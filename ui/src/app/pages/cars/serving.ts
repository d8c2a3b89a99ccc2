import type { Device } from '../../bus/home-store';

/** The cars of a home by name. */
export function carsOf(devices: readonly Device[]): Device[] {
  return devices.filter((one) => one.kind === 'car').sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The charger that serves a car: the first that it hears; null: none. */
export function chargerOf(car: Device | undefined, devices: ReadonlyMap<string, Device>): Device | null {
  const heard = (car?.hears ?? []).map((name) => devices.get(name));
  return heard.find((one) => one?.kind === 'charger') ?? null;
}

/** The program that charges cars; a home has one at most. */
export function carProgramOf(devices: readonly Device[]): Device | null {
  return devices.find((one) => one.kind === 'car_program') ?? null;
}
