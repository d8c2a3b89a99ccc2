// node tools/translations.mjs: src/locale/de.json says each text of the dashboard in German, under the English one. Angular knows texts by
// a hash: this writes its file. `--sort` sorts ours, also those of what the home says of kinds and calls and in sentences
// (tests/tidy/test_german*.py check them). With `--check FILE`, FILE is what Angular has extracted: each text in it must be
// translated, none twice.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { computeMsgId } from '@angular/compiler';

const KEPT = 'src/locale/de.json';
const OF_THE_HOME = ['words', 'calls', 'sentences'].map((name) => `src/locale/de.${name}.json`);
const WRITTEN = '.angular/messages.de.json';
const [, , mode, extracted] = process.argv;

const texts = JSON.parse(readFileSync(KEPT, 'utf8'));
if (mode === '--sort') [KEPT, ...OF_THE_HOME].forEach(sort);
if (mode === '--check') process.exit(check(JSON.parse(readFileSync(extracted, 'utf8')).translations) ? 0 : 1);
mkdirSync('.angular', { recursive: true });
// A text that stands on lines of its own in a template has a blank around it.
const around = ['', ' ', '\n'].flatMap((before) => ['', ' ', '\n'].map((after) => [before, after]));
const translations = Object.fromEntries(
  Object.entries(texts).flatMap(([english, german]) =>
    around.map(([before, after]) => [computeMsgId(before + english + after, ''), before + german + after]),
  ),
);
writeFileSync(WRITTEN, JSON.stringify({ locale: 'de', translations }, null, 1));

function check(found) {
  const used = new Set(Object.values(found).map((english) => english.trim()));
  const missing = [...used].filter((english) => !(english in texts));
  const stale = Object.keys(texts).filter((english) => !used.has(english));
  const wrong = Object.entries(texts).filter(([english, german]) => names(english) !== names(german));
  const unsorted = Object.keys(texts).find((english, index, all) => index > 0 && all[index - 1] > english);
  for (const english of missing) console.error(`${KEPT} lacks: ${JSON.stringify(english)}`);
  for (const english of stale) console.error(`${KEPT} has a text that no page has: ${JSON.stringify(english)}`);
  for (const [english] of wrong) console.error(`${KEPT} must name the same parts in both languages: ${JSON.stringify(english)}`);
  if (unsorted) console.error(`${KEPT} must be sorted by the English text, and is not from here on: ${JSON.stringify(unsorted)}`);
  return !missing.length && !stale.length && !wrong.length && !unsorted;
}

function sort(path) {
  const entries = Object.entries(JSON.parse(readFileSync(path, 'utf8'))).sort(byEnglish);
  writeFileSync(path, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
}

function byEnglish([a], [b]) {
  return a < b ? -1 : 1;
}

/** The placeholders of a text. */
function names(text) {
  return (text.match(/\{\$[A-Z0-9_]+\}/g) ?? []).sort().join();
}
