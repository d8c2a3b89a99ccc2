import {
  mdiBatteryHigh,
  mdiDishwasher,
  mdiFridgeOutline,
  mdiHelpCircleOutline,
  mdiHomeLightningBoltOutline,
  mdiLightbulbOutline,
  mdiPowerPlugOutline,
  mdiSineWave,
  mdiSolarPanel,
  mdiStove,
  mdiTelevision,
  mdiTransmissionTower,
  mdiWashingMachine,
  mdiWaterBoiler,
  mdiWeatherPartlyCloudy,
  mdiWhiteBalanceSunny,
} from '@mdi/js';

/** What a kind of device looks like, and to which group people would put it. */
export interface Look {
  readonly icon: string;
  readonly role: 'solar' | 'battery' | 'grid' | 'load' | 'inverter' | 'sky';
}

const LOOKS: Readonly<Record<string, Look>> = {
  sun: { icon: mdiWhiteBalanceSunny, role: 'sky' },
  weather: { icon: mdiWeatherPartlyCloudy, role: 'sky' },
  panel: { icon: mdiSolarPanel, role: 'solar' },
  inverter: { icon: mdiSineWave, role: 'inverter' },
  battery: { icon: mdiBatteryHigh, role: 'battery' },
  grid: { icon: mdiTransmissionTower, role: 'grid' },
  oven: { icon: mdiStove, role: 'load' },
  geyser: { icon: mdiWaterBoiler, role: 'load' },
  fridge: { icon: mdiFridgeOutline, role: 'load' },
  washing_machine: { icon: mdiWashingMachine, role: 'load' },
  dishwasher: { icon: mdiDishwasher, role: 'load' },
  tv: { icon: mdiTelevision, role: 'load' },
  lights: { icon: mdiLightbulbOutline, role: 'load' },
  appliance: { icon: mdiPowerPlugOutline, role: 'load' },
  baseload: { icon: mdiHomeLightningBoltOutline, role: 'load' },
};

/** The look of a kind; one that is unknown here is a load like any other. */
export function lookOf(kind: string): Look {
  return LOOKS[kind] ?? { icon: mdiHelpCircleOutline, role: 'load' };
}
