import {
  mdiBatteryClockOutline,
  mdiBatteryHigh,
  mdiCarClock,
  mdiCarElectric,
  mdiCounter,
  mdiDishwasher,
  mdiEvStation,
  mdiFridgeOutline,
  mdiGasCylinder,
  mdiHelpCircleOutline,
  mdiHomeLightningBoltOutline,
  mdiLightbulbOutline,
  mdiPowerPlugOutline,
  mdiRadiator,
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
  gas: { icon: mdiGasCylinder, role: 'grid' },
  boiler: { icon: mdiRadiator, role: 'load' },
  meter: { icon: mdiCounter, role: 'load' },
  meter_reader: { icon: mdiCounter, role: 'load' },
  oven: { icon: mdiStove, role: 'load' },
  geyser: { icon: mdiWaterBoiler, role: 'load' },
  fridge: { icon: mdiFridgeOutline, role: 'load' },
  washing_machine: { icon: mdiWashingMachine, role: 'load' },
  dishwasher: { icon: mdiDishwasher, role: 'load' },
  tv: { icon: mdiTelevision, role: 'load' },
  lights: { icon: mdiLightbulbOutline, role: 'load' },
  appliance: { icon: mdiPowerPlugOutline, role: 'load' },
  baseload: { icon: mdiHomeLightningBoltOutline, role: 'load' },
  car: { icon: mdiCarElectric, role: 'load' },
  charger: { icon: mdiEvStation, role: 'load' },
  battery_program: { icon: mdiBatteryClockOutline, role: 'load' },
  car_program: { icon: mdiCarClock, role: 'load' },
};

/** The look of a kind; one that is unknown here is a load like any other. */
export function lookOf(kind: string): Look {
  return LOOKS[kind] ?? { icon: mdiHelpCircleOutline, role: 'load' };
}

const NAMES: Readonly<Record<string, string>> = {
  sun: $localize`sun`,
  weather: $localize`weather`,
  panel: $localize`panel`,
  inverter: $localize`inverter`,
  battery: $localize`battery`,
  grid: $localize`grid`,
  gas: $localize`gas connection`,
  boiler: $localize`heating boiler`,
  meter: $localize`meter`,
  meter_reader: $localize`meter reader`,
  oven: $localize`oven`,
  geyser: $localize`geyser`,
  fridge: $localize`fridge`,
  washing_machine: $localize`washing machine`,
  dishwasher: $localize`dishwasher`,
  tv: $localize`tv`,
  lights: $localize`lights`,
  appliance: $localize`appliance`,
  baseload: $localize`baseload`,
  car: $localize`electric car`,
  charger: $localize`charger`,
  battery_program: $localize`battery program`,
  car_program: $localize`car program`,
  foreign: $localize`foreign device`,
};

/** What people call a kind. */
export function kindName(kind: string): string {
  return NAMES[kind] ?? kind.replaceAll('_', ' ');
}
