import type { Form } from './refusals';
import { CALLS, inOwnWords } from './words';

/** What may stand at a place, piece by piece; a text in quotes stays as it is. */
const PIECES: readonly Form[] = [
  [/"(?:[^"\\]|\\.)*"/y, () => ''],
  [
    /(text|a name) \((.+?)\)(?=$|, |\]| or )/y,
    (what, help) => `${what === 'text' ? $localize`text` : $localize`a name`} (${CALLS.find(help) || inOwnWords(help)})`,
  ],
  [/a list, each /y, () => $localize`a list, each` + ' '],
  [/a list/y, () => $localize`a list`],
  [/one of /y, () => $localize`one of` + ' '],
  [/true or false/y, () => $localize`true or false`],
  [/a whole number/y, () => $localize`a whole number`],
  [/a number/y, () => $localize`a number`],
  [/names with values/y, () => $localize`names with values`],
  [/text/y, () => $localize`text`],
  [/a name/y, () => $localize`a name`],
  [/ or /y, () => ` ${$localize`or`} `],
  [/ and (?=of at least|above|at most|below)/y, () => ` ${$localize`and`}`],
  [/ ?of at least (-?[\d.e+]+)/y, (limit) => ' ' + $localize`of at least ${limit}:LIMIT:`],
  [/ ?above (-?[\d.e+]+)/y, (limit) => ' ' + $localize`above ${limit}:LIMIT:`],
  [/ ?at most (-?[\d.e+]+)/y, (limit) => ' ' + $localize`at most ${limit}:LIMIT:`],
  [/ ?below (-?[\d.e+]+)/y, (limit) => ' ' + $localize`below ${limit}:LIMIT:`],
  [/ from (-?[\d.e+]+) to (-?[\d.e+]+)/y, (least, most) => ' ' + $localize`from ${least}:LEAST: to ${most}:MOST:`],
  [/ of ([^\s,\]]+)/y, (unit) => ' ' + $localize`of ${inOwnWords(unit)}:UNIT:`],
];

/** What may stand at a place (refusals/constraints.py), in the language of this build. */
export function allowed(wanted: string): string {
  let said = '';
  for (let at = 0; at < wanted.length;) {
    const [piece, length] = pieceAt(wanted, at);
    said += piece;
    at += length;
  }
  return said;
}

function pieceAt(text: string, at: number): readonly [said: string, length: number] {
  for (const [form, words] of PIECES) {
    form.lastIndex = at;
    const found = form.exec(text);
    if (found) return [words(...found.slice(1)) || found[0], found[0].length];
  }
  return [text.charAt(at), 1];
}
