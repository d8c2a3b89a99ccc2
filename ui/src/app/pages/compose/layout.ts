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

/** What this browser remembers of a home's canvas, until the home keeps it. */
export class Places {
  private readonly key: string;

  constructor(home: string) {
    this.key = `joulebus.places.${home}`;
  }

  read(): Record<string, Point> {
    return JSON.parse(localStorage.getItem(this.key) ?? '{}') as Record<string, Point>;
  }

  write(places: Readonly<Record<string, Point>>): void {
    localStorage.setItem(this.key, JSON.stringify(places));
  }
}
