import { Type } from '@angular/core';
import {
  mdiChartLine,
  mdiCompare,
  mdiScaleBalance,
  mdiTuneVariant,
  mdiCogOutline,
  mdiBatteryHigh,
  mdiMeterElectricOutline,
  mdiCarElectric,
  mdiFlash,
  mdiHeartPulse,
  mdiHomeGroup,
  mdiMessageTextOutline,
  mdiSitemapOutline,
  mdiTransitConnectionVariant,
} from '@mdi/js';
import { KINDS } from '../shared/words';

/** A page of the dashboard. */
export interface Page {
  readonly path: string;
  readonly title: string;
  readonly icon: string;
  readonly load: () => Promise<Type<unknown>>;
}

/** All pages, in the order of the navigation. A new page is one folder beside this file and one line here. */
export const PAGES: readonly Page[] = [
  { path: 'live', title: $localize`Live`, icon: mdiFlash, load: () => import('./live/live').then((page) => page.Live) },
  {
    path: 'compose',
    title: $localize`Compose`,
    icon: mdiSitemapOutline,
    load: () => KINDS.with(import('./compose/compose')).then((page) => page.Compose),
  },
  {
    path: 'energy',
    title: $localize`Energy`,
    icon: mdiTransitConnectionVariant,
    load: () => import('./energy/energy').then((page) => page.Energy),
  },
  {
    path: 'inverter',
    title: $localize`Inverter`,
    icon: mdiTuneVariant,
    load: () => import('./inverter/inverter').then((page) => page.InverterPage),
  },
  {
    path: 'storage',
    title: $localize`Storage`,
    icon: mdiBatteryHigh,
    load: () => import('./storage/storage').then((page) => page.StoragePage),
  },
  { path: 'cars', title: $localize`Cars`, icon: mdiCarElectric, load: () => import('./cars/cars').then((page) => page.CarsPage) },
  {
    path: 'meter',
    title: $localize`Meter`,
    icon: mdiMeterElectricOutline,
    load: () => import('./meter/meter').then((page) => page.MeterPage),
  },
  {
    path: 'market',
    title: $localize`Market`,
    icon: mdiScaleBalance,
    load: () => import('./market/market').then((page) => page.MarketPage),
  },
  {
    path: 'history',
    title: $localize`History`,
    icon: mdiChartLine,
    load: () => import('./history/history').then((page) => page.HistoryPage),
  },
  { path: 'what-if', title: $localize`What if`, icon: mdiCompare, load: () => import('./what-if/what-if').then((page) => page.WhatIfPage) },
  {
    path: 'bus',
    title: $localize`Bus`,
    icon: mdiMessageTextOutline,
    load: () => KINDS.with(import('./bus/bus')).then((page) => page.BusPage),
  },
  {
    path: 'homes',
    title: $localize`Homes`,
    icon: mdiHomeGroup,
    load: () => KINDS.with(import('./homes/homes')).then((page) => page.HomesPage),
  },
  { path: 'system', title: $localize`System`, icon: mdiHeartPulse, load: () => import('./system/system').then((page) => page.System) },
  {
    path: 'settings',
    title: $localize`Settings`,
    icon: mdiCogOutline,
    load: () => import('./settings/settings').then((page) => page.SettingsPage),
  },
];
