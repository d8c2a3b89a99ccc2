import { PICTURES_A_SECOND } from '../../shared/motion';

/** Where somebody stands in the diagram. */
export interface Place {
  readonly name: 'sun' | 'grid' | 'loads' | 'battery' | 'producers';
  readonly look: string;
  readonly x: number;
  readonly y: number;
}

export const RADIUS = 56;
export const PLACES: readonly Place[] = [
  { name: 'sun', look: 'solar', x: 320, y: 72 },
  { name: 'grid', look: 'grid', x: 84, y: 236 },
  { name: 'loads', look: 'load', x: 556, y: 236 },
  { name: 'battery', look: 'battery', x: 320, y: 400 },
  { name: 'producers', look: 'producers', x: 556, y: 72 },
];

/** From the edge of the source to the edge of the sink, and where the number stands. */
export const PATHS: readonly { flow: string; d: string; x: number; y: number }[] = [
  { flow: 'sun>loads', d: 'M362 112C374 196 414 222 492 224', x: 424, y: 190 },
  { flow: 'sun>export', d: 'M278 112C266 196 226 222 148 224', x: 216, y: 190 },
  { flow: 'sun>battery', d: 'M320 132V336', x: 320, y: 196 },
  { flow: 'grid>loads', d: 'M146 240H492', x: 246, y: 240 },
  { flow: 'grid>battery', d: 'M144 258C220 262 268 290 284 348', x: 246, y: 302 },
  { flow: 'battery>export', d: 'M268 366C248 320 214 290 140 274', x: 196, y: 322 },
  { flow: 'battery>loads', d: 'M360 352C374 292 414 260 492 256', x: 424, y: 296 },
  { flow: 'producers>loads', d: 'M556 132V172', x: 556, y: 152 },
  { flow: 'producers>battery', d: 'M508 108C420 160 344 220 334 336', x: 396, y: 224 },
  { flow: 'producers>export', d: 'M498 92C380 110 250 170 142 206', x: 300, y: 150 },
];

/** Wide enough to compare, narrow enough not to hide its neighbours. */
export function widthOf(watts: number): number {
  return watts > 0 ? Math.min(16, 3 + 13 * Math.sqrt(watts / 10_000)) : 2;
}

/** Pictures in which a dot moves on by one: fewer with more power, within what an eye can follow. */
export function dashPictures(watts: number): number {
  return Math.round(PICTURES_A_SECOND * Math.min(2.4, Math.max(0.35, 2.4 / (1 + watts / 700))));
}

/** The ring around the home, in parts: what it takes, by where that comes from. */
export function shareArcs(flows: Readonly<Record<string, number>>): { look: string; dash: string; offset: number }[] {
  const round = 2 * Math.PI * RADIUS;
  const parts = [
    { look: 'solar', watts: flows['sun>loads'] ?? 0 },
    { look: 'producers', watts: flows['producers>loads'] ?? 0 },
    { look: 'battery', watts: flows['battery>loads'] ?? 0 },
    { look: 'grid', watts: flows['grid>loads'] ?? 0 },
  ];
  const all = parts.reduce((sum, part) => sum + part.watts, 0);
  let begun = 0;
  return parts
    .filter((part) => part.watts > 0)
    .map((part) => {
      const length = (part.watts / all) * round;
      const arc = { look: part.look, dash: `${length} ${round - length}`, offset: -begun };
      begun += length;
      return arc;
    });
}
