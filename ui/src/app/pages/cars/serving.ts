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

/** The car that a charger serves: of several the first by name that is plugged in, else the first; null: none. */
export function servedAt(charger: string, devices: readonly Device[]): string | null {
  const byName = new Map(devices.map((one) => [one.name, one]));
  const all = carsOf(devices).filter((one) => one.isOn && chargerOf(one, byName)?.name === charger);
  return (all.find((one) => one.readings['plugged'] === 1) ?? all[0])?.name ?? null;
}
