import { allowed } from './allowed';
import { HOME, KINDS, TIMES } from './refusals-of-kinds';
import { saidAnew } from './sentence-forms';

/**
 * Why the home refuses something, it says in English sentences of few forms (joulebus/refusals, and what kinds say of their own properties).
 * In another language each is found again by its form and said anew, like decisions in sentences.ts; one that is unknown stays as it is.
 * All of it is loaded only where it is wanted. A new form of what a kind says is a line here or in refusals-of-kinds.ts, its texts in
 * de.json, and an example in refusals.cases.json; a sentence of a service is a line in de.sentences.json.
 */
export type Form = readonly [form: RegExp, words: (...parts: string[]) => string];

const VALUES: readonly Form[] = [
  [/^must be given: (.+)$/s, (wanted) => $localize`must be given: ${allowed(wanted)}:WANTED:`],
  [
    /^must be a list of at most (\d+) items, but has (\d+)$/,
    (most, count) => $localize`must be a list of at most ${most}:MOST: items, but has ${count}:COUNT:`,
  ],
  [
    /^must have at most (\d+) names with values, but has (\d+)$/,
    (most, count) => $localize`must have at most ${most}:MOST: names with values, but has ${count}:COUNT:`,
  ],
  [
    /^must be (.+), but is (.+?)(; write .+|; did you mean ".+"\?)?$/s,
    (wanted, found, hint) => $localize`must be ${allowed(wanted)}:WANTED:, but is ${found}:FOUND:` + hintFor(hint),
  ],
  [
    /^unknown property of an? (\S+); (.+)$/,
    (kind, rest) => $localize`unknown property of the kind ${kind}:KIND:; ${ending(rest)}:WHAT_TO_DO:`,
  ],
  [/^unknown property in (\S+); (.+)$/, (place, rest) => $localize`unknown property in ${place}:PLACE:; ${ending(rest)}:WHAT_TO_DO:`],
  [
    /^(\d+) things are wrong; these are the first (\d+)$/,
    (count, first) => $localize`${count}:COUNT: things are wrong; these are the first ${first}:FIRST:`,
  ],
  [/^(\d+) values do not fit an? (.+)$/, (count, kind) => $localize`${count}:COUNT: values do not fit the kind ${kind}:KIND:`],
];

const FORMS = [...VALUES, ...TIMES, ...KINDS, ...HOME];
/** Several refusals in a row, each behind the place that it is about: oven.power_watts. */
const NEXT = /; (?=[a-z]\w*(?:\.\w+)+: )/;
const PLACED = /^([a-z]\w*(?:\.\w+)*): (.+)$/s;
/** A line about a home file. */
const IN_FILE = /^([^\s:]+\.ya?ml(?::\d+)?: )(.+)$/s;

/** What the home refused, in the language of this build; of a home file each line says something else. */
export function refusalInWords(sentence: string): string {
  return sentence
    .split('\n')
    .map((line) => {
      const [, place = '', text = line] = IN_FILE.exec(line) ?? [];
      return place + lineInWords(text);
    })
    .join('\n');
}

function lineInWords(line: string): string {
  return line
    .split(NEXT)
    .map((part) => {
      const placed = PLACED.exec(part);
      const rest = placed?.[2] === undefined ? null : formed(placed[2]);
      return formed(part) ?? (rest === null ? part : `${placed?.[1]}: ${rest}`);
    })
    .join('; ');
}

/** A single sentence; null where its form is unknown. */
function formed(sentence: string): string | null {
  const anew = saidAnew(sentence, partInWords);
  if (anew !== null) return anew;
  for (const [form, words] of FORMS) {
    const found = form.exec(sentence);
    if (found) return words(...found.slice(1));
  }
  return null;
}

/** What is filled into a sentence: names and numbers stay; what has several words may be a sentence, or what to do. */
function partInWords(part: string): string {
  if (!part.includes(' ')) return part;
  const isHint = part.startsWith('; ');
  return isHint ? hintFor(part) || part : ending(lineInWords(part));
}

function hintFor(hint: string | undefined): string {
  const [, value, near] = /^; (?:write (.+)|did you mean "(.+)"\?)$/s.exec(hint ?? '') ?? [];
  if (value !== undefined) return $localize`; write ${value}:VALUE:`;
  return near === undefined ? '' : `; ${meant(near)}`;
}

function meant(near: string): string {
  return $localize`did you mean "${near}:NAME:"?`;
}

function ending(rest: string): string {
  const [, near, before, after, known] = /^(?:did you mean "(.+)"\?|(\S+) is called (\S+) now|known properties: (.+))$/.exec(rest) ?? [];
  if (near !== undefined) return meant(near);
  if (before !== undefined && after !== undefined) return $localize`${before}:BEFORE: is called ${after}:AFTER: now`;
  return known === undefined ? rest : $localize`known properties: ${known}:NAMES:`;
}
