import { ownNumbers } from '../../shared/language';
import { told } from '../../shared/told';
import { energy, power } from '../../shared/units';
import { Plan, planOf } from './plans';

/** Who plans for a car, and what was said of it last. */
export interface Planning {
  readonly hasCharger: boolean;
  readonly hasProgram: boolean;
  readonly isProgramOn: boolean;
  readonly hasDecided: boolean;
  /** "": the program said nothing of this car. */
  readonly sentence: string;
}

/** What is known of a departure for which too little was inside. */
export interface Shortage {
  readonly hasCharger: boolean;
  readonly isPluggedIn: boolean;
  readonly wasAway: boolean;
  /** What the program had decided before it; null: this page has not heard it. */
  readonly plan: Plan | null;
  /** In the hour before. */
  readonly takenJoules: number;
  readonly limitWatts: number;
}

/** The plan of a car as sentences: what happens and why, and what was looked at; what is missing is said, too. */
export function planWords(now: Planning): { text: string; looked: string } {
  const plan = planOf(now.sentence);
  const looked = plan && now.isProgramOn ? homeWords(plan.looked) : '';
  if (!now.hasCharger) return { text: $localize`No charger serves this car; the page Compose adds one and connects it.`, looked };
  if (!now.hasProgram) return { text: $localize`No car program plans for it: its charger does as it is set.`, looked };
  if (!now.isProgramOn) return { text: $localize`The car program is switched off: the charger does as it is set.`, looked };
  if (!now.hasDecided) return { text: $localize`The car program has not decided yet; it does before each quarter-hour.`, looked };
  if (!now.sentence)
    return { text: $localize`The car program has decided nothing of this car: its charger serves another one first.`, looked };
  return { text: plan ? decisionWords(plan) : told(now.sentence), looked };
}

/** Why it was not as full as it should have been. */
export function whyLessWords(short: Shortage): string {
  if (!short.hasCharger) return $localize`no charger serves it`;
  if (!short.isPluggedIn) return $localize`it is not plugged in`;
  if (short.wasAway) return $localize`it was still on the road`;
  if (short.plan) return $localize`the car program had decided: ${decisionWords(short.plan)}:DECISION:`;
  const [taken, limit] = [energy(short.takenJoules), power(short.limitWatts)];
  return $localize`in the hour before it took ${taken}:ENERGY:; its charger lets ${limit}:POWER: through now`;
}

function decisionWords(plan: Plan): string {
  const reason = homeWords(plan.reason);
  const most = ownNumbers(plan.most);
  if (plan.way === 'pause') return $localize`It waits: ${reason}:REASON: (rule ${plan.rule}:RULE: of 6)`;
  if (plan.isSunAlone) return $localize`It charges from the sun alone: ${reason}:REASON: (rule ${plan.rule}:RULE: of 6)`;
  return $localize`It charges with at most ${most}:POWER:: ${reason}:REASON: (rule ${plan.rule}:RULE: of 6)`;
}

/** What the home says in English, with its numbers as this language writes them. */
function homeWords(sentence: string): string {
  return ownNumbers(told(sentence));
}
