import type { Device } from '../bus/home-store';
import { reading } from './units';

/** What a device measures, in a word: 43 %, 54.9 °C. */
export function noteOf(device: Device): string {
  if (!device.isOn) return $localize`off`;
  const found = Object.entries(device.readings).find(([name]) => /state_of_charge|temperature/.test(name));
  return found ? reading(found[0], found[1]) : '';
}
