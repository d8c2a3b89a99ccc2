/** Pictures of what moves, in a second: each costs most of what looking costs, so all that moves does so in the same ones. */
export const PICTURES_A_SECOND = 12;

/** Lets what has begun to move go in step with all else that moves, whenever it began. */
export function inStep(event: Event): void {
  for (const animation of (event.target as Element).getAnimations()) animation.startTime = 0;
}
