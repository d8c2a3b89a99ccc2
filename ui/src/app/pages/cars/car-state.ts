import { dayAndTime } from '../../shared/moments';
import { power } from '../../shared/units';

/** What a page knows of a car at this moment. */
export interface CarMoment {
  readonly isOn: boolean;
  readonly hasCharger: boolean;
  /** Another car is plugged in at it, and comes first by name. */
  readonly isChargerTaken: boolean;
  /** Off or paused: nothing flows. */
  readonly isChargerClosed: boolean;
  readonly isPluggedIn: boolean;
  /** When it comes home; null: it is there. */
  readonly awayUntil: number | null;
  readonly watts: number;
  readonly percent: number | null;
  readonly targetPercent: number;
  readonly timezone: string;
}

/** Where a car is, in a few words. */
export function placeWords(car: CarMoment): string {
  if (!car.isOn) return $localize`switched off`;
  if (car.awayUntil !== null) return $localize`on the road`;
  if (!car.hasCharger) return $localize`without a charger`;
  return car.isPluggedIn ? $localize`plugged in` : $localize`not plugged in`;
}

/** What it does, and until when. */
export function flowWords(car: CarMoment): string {
  if (!car.isOn) return $localize`switched off`;
  if (car.awayUntil !== null) return $localize`on the road until ${dayAndTime(car.awayUntil, car.timezone)}:WHEN:`;
  if (!car.hasCharger) return $localize`cannot be charged`;
  if (!car.isPluggedIn) return $localize`not plugged in`;
  if (Math.abs(car.watts) >= 1)
    return car.watts > 0 ? $localize`charging with ${power(car.watts)}:POWER:` : $localize`gives the home ${power(car.watts)}:POWER:`;
  if (car.percent !== null && car.percent >= car.targetPercent - 0.05) return $localize`charged up to its target`;
  if (car.isChargerTaken) return $localize`waits: its charger serves another car first`;
  return car.isChargerClosed ? $localize`waits: its charger lets nothing through` : $localize`waits`;
}
