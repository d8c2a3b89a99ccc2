import { clearTranslations, loadTranslations, ɵcomputeMsgId as idOf } from '@angular/localize';
import texts from '../../locale/de.json';
import { refusalInWords } from './refusals';
import cases from './refusals.cases.json';
import { loadWords } from './words';

const all = [...cases.kinds, ...cases.home];

describe('what the home refuses', () => {
  beforeAll(async () => {
    loadTranslations(Object.fromEntries(Object.entries(texts).map(([english, german]) => [idOf(english), german])));
    await loadWords();
  });
  afterAll(() => clearTranslations());

  it.each(all.map((one): [string, string] => [one.english, one.german]))('is said in German: %s', (english, german) => {
    expect(refusalInWords(english)).toBe(german);
  });

  it('and whose form is unknown stays as the home said it', () => {
    for (const sentence of ['the moon is full', 'oven.power_watts: is odd', '']) expect(refusalInWords(sentence)).toBe(sentence);
  });
});
