import texts from '../../locale/de.sentences.json';
import { NUMBERS } from './language';

/** A sentence of the home as a form, and the same in German; {1} is whatever is filled in first. */
interface SentenceForm {
  readonly form: RegExp;
  readonly german: string;
  /** In the order of the English sentence. */
  readonly parts: readonly string[];
  readonly letters: number;
}

const PART = /\{\d\}/g;
/** What says most is tried first: "there is no device {1} in {2}" also fits a longer sentence. */
const FORMS: readonly SentenceForm[] = Object.entries(texts)
  .map(([english, german]) => ({
    form: formOf(english),
    german,
    parts: english.match(PART) ?? [],
    letters: english.replaceAll(PART, '').length,
  }))
  .sort((a, b) => b.letters - a.letters);

/** A sentence that services say, in German; null where its form is unknown. What is filled in may be a sentence, too: `inner` says it. */
export function saidAnew(sentence: string, inner: (part: string) => string): string | null {
  for (const { form, german, parts } of FORMS) {
    const found = form.exec(sentence);
    if (!found) continue;
    const filled = new Map(parts.map((name, index) => [name, inner(numbered(found[index + 1] ?? ''))]));
    return german.replace(PART, (name) => filled.get(name) ?? '');
  }
  return null;
}

/** Each part is as short as it can be. One right behind another is an ending that may be missing: "; write my_home". */
function formOf(english: string): RegExp {
  const [first = '', ...others] = english.split(PART).map(escaped);
  const groups = others.map((text, index) => (index > 0 && others[index - 1] === '' ? '((?:; |, | and ).*|)' : '(.*?)') + text);
  return new RegExp(`^${first}${groups.join('')}$`, 's');
}

/** The home writes 1,440. */
function numbered(part: string): string {
  return /^\d{1,3}(,\d{3})+$/.test(part) ? Number(part.replaceAll(',', '')).toLocaleString(NUMBERS) : part;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
