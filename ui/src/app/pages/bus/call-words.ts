import { Dictionary } from '../../shared/words';

const CALLS = new Dictionary(() => import('../../../locale/de.calls.json'));

/** What the specification says about a call or one of its fields, in the language of this build. */
export function callInOwnWords(text: string): string {
  return CALLS.say(text);
}
