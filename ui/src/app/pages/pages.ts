import { Type } from '@angular/core';
import { mdiChartLine, mdiFlash, mdiHeartPulse, mdiMessageTextOutline, mdiSitemapOutline, mdiTransitConnectionVariant } from '@mdi/js';

/** A page of the dashboard. */
export interface Page {
  readonly path: string;
  readonly title: string;
  readonly icon: string;
  readonly load: () => Promise<Type<unknown>>;
}

/** All pages, in the order of the navigation. A new page is one folder beside this file and one line here. */
export const PAGES: readonly Page[] = [
  { path: 'live', title: 'Live', icon: mdiFlash, load: () => import('./live/live').then((page) => page.Live) },
  { path: 'compose', title: 'Compose', icon: mdiSitemapOutline, load: () => import('./compose/compose').then((page) => page.Compose) },
  { path: 'energy', title: 'Energy', icon: mdiTransitConnectionVariant, load: () => import('./energy/energy').then((page) => page.Energy) },
  { path: 'history', title: 'History', icon: mdiChartLine, load: () => import('./history/history').then((page) => page.HistoryPage) },
  { path: 'bus', title: 'Bus', icon: mdiMessageTextOutline, load: () => import('./bus/bus').then((page) => page.BusPage) },
  { path: 'system', title: 'System', icon: mdiHeartPulse, load: () => import('./system/system').then((page) => page.System) },
];
