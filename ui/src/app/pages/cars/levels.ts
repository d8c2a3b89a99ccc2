/** What moved into and out of a store in each bucket, by the historian's names: "car.in", "car.heat". */
export type Moves = Readonly<Record<string, readonly number[]>>;

/** Signs of what changes a level: what was lost or driven has left it, too. */
const SIGNS: Readonly<Record<string, number>> = { in: 1, out: -1, heat: -1, driven: -1 };

/**
 * The levels of a store at the end of each bucket, in J, from what is inside at the end of the last. The historian keeps levels of batteries
 * alone; what moved it keeps of every account, so these are exact.
 */
export function levelsOf(name: string, buckets: number, moves: Moves, last: number): number[] {
  const levels = Array.from({ length: buckets }, () => last);
  for (let index = buckets - 1; index > 0; index--) levels[index - 1] = (levels[index] ?? last) - gained(name, index, moves);
  return levels;
}

function gained(name: string, index: number, moves: Moves): number {
  return Object.entries(SIGNS).reduce((sum, [what, sign]) => sum + sign * (moves[`${name}.${what}`]?.[index] ?? 0), 0);
}
