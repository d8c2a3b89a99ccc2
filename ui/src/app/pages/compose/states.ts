import type { PartStatus } from '@words';
import type { Device } from '../../bus/home-store';

/** How a device does: whether its process runs, and whether the home waits for it. */
export type DeviceState = 'running' | 'starting' | 'slow' | 'missing' | 'off';

/** From the roster, from what the supervisor says of its part, and from whom the home waits for. */
export function stateOf(device: Pick<Device, 'name' | 'isOn'>, part: PartStatus | undefined, waits: ReadonlySet<string>): DeviceState {
  if (!device.isOn) return 'off';
  if (part?.state === 'starting') return 'starting';
  if (part && (part.state === 'ended' || (part.state !== 'outside' && !part.alive))) return 'missing';
  return waits.has(device.name) ? 'slow' : 'running';
}

export function stateName(state: DeviceState): string {
  return {
    running: $localize`running`,
    starting: $localize`starting`,
    slow: $localize`slow`,
    missing: $localize`missing`,
    off: $localize`off`,
  }[state];
}
