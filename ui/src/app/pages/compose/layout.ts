import type { Placed } from '@words';
import { Device } from '../../bus/home-store';
import { Look, lookOf } from '../../shared/kinds';

/** A place on the canvas. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

const ROW = 74;
const ROWS_MAX = 14;
const COLUMN = 230;
const X = { sky: 0, left: 270, inverter: 560, right: 850 };

/** Where devices stand when nobody has moved them: what shines, what produces, the inverter, then the battery and all who take. */
export function arranged(devices: readonly Device[]): Map<string, Point> {
  const groups = Map.groupBy(
    [...devices].sort((a, b) => (a.name < b.name ? -1 : 1)),
    (device) => lookOf(device.kind).role,
  );
  const names = (...roles: Look['role'][]) => roles.flatMap((role) => (groups.get(role) ?? []).map((device) => device.name));
  const right = names('battery', 'load');
  const rows = Math.min(ROWS_MAX, Math.max(right.length, 4));
  const places = new Map<string, Point>();
  const column = (found: readonly string[], x: number) => {
    const top = ((rows - Math.min(found.length, rows)) / 2) * ROW;
    found.forEach((name, index) => places.set(name, { x: x + Math.floor(index / rows) * COLUMN, y: top + (index % rows) * ROW }));
  };
  column(names('sky'), X.sky);
  column(names('solar', 'grid'), X.left);
  column(names('inverter'), X.inverter);
  column(right, X.right);
  return places;
}

/** Where people have put devices, as the home keeps it. */
export function placesOf(layout: Readonly<Record<string, Placed>>): Record<string, Point> {
  const places = Object.entries(layout).map(([name, { x, y }]) => [name, { x: x ?? null, y: y ?? null }] as const);
  return Object.fromEntries(places.filter((one): one is readonly [string, Point] => one[1].x !== null && one[1].y !== null));
}

/** Where each device stands: as the page puts it, as the home keeps it, and as somebody moves it now; null is as the page puts it. */
export function placed(
  ours: ReadonlyMap<string, Point>,
  kept: Readonly<Record<string, Point>>,
  moving: Readonly<Record<string, Point | null>>,
): Map<string, Point> {
  const places = new Map([...ours, ...Object.entries(kept)]);
  for (const [name, at] of Object.entries(moving)) {
    const place = at ?? ours.get(name);
    if (place) places.set(name, place);
  }
  return places;
}

/** Whether two wishes are the same place. */
export function isSame(one: Point | null, other: Point | null): boolean {
  return one?.x === other?.x && one?.y === other?.y;
}

/** Where one more can stand beside all that are there: in the column of its kind, below what is in its way. */
export function freePlace(places: ReadonlyMap<string, Point>, name: string, devices: readonly Device[]): Point {
  const others = [...places].filter(([other]) => other !== name).map(([, at]) => at);
  const wished = arranged(devices).get(name) ?? { x: X.right, y: 0 };
  for (let y = wished.y; ; y += ROW) {
    const at = { x: wished.x, y };
    if (!others.some((other) => Math.abs(other.x - at.x) < COLUMN && Math.abs(other.y - at.y) < ROW)) return at;
  }
}
