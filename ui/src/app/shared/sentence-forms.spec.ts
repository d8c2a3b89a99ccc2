import { clearTranslations, loadTranslations, ɵcomputeMsgId as idOf } from '@angular/localize';
import texts from '../../locale/de.json';
import sentences from '../../locale/de.sentences.json';
import { refusalInWords } from './refusals';
import { saidAnew } from './sentence-forms';
import { loadWords } from './words';

/** One that stands right behind another is an ending. */
const ending = (english: string, number: string) => english.includes(`}{${number}}`);
const filled = (text: string, english: string) =>
  text.replaceAll(/\{(\d)\}/g, (_, number: string) => (ending(english, number) ? `; x${number}` : `x${number}`));
const same = (part: string) => part;

describe('what services say', () => {
  beforeAll(async () => {
    loadTranslations(Object.fromEntries(Object.entries(texts).map(([english, german]) => [idOf(english), german])));
    await loadWords();
  });
  afterAll(() => clearTranslations());

  it.each(Object.entries(sentences))('is found by its form, and by no other: %s', (english, german) => {
    expect(saidAnew(filled(english, english), same)).toBe(filled(german, english));
  });

  it.each([
    [
      'there is no home chalett on this machine; did you mean "chalet"?',
      'es gibt kein Haus chalett auf diesem Rechner; ist „chalet“ gemeint?',
    ],
    ['there is no run w9; there are w1, w2', 'es gibt keinen Lauf w9; es gibt w1, w2'],
    ['the arrangement cannot be kept: the disk is full', 'die Anordnung lässt sich nicht aufbewahren: der Datenträger ist voll'],
    [
      'waiting for the historian at tick 90: it is 1,440 records behind and keeps 12 a second',
      'gewartet wird bei Tick 90 auf den Chronisten: er liegt 1,440 Einträge zurück und bewahrt 12 in der Sekunde auf',
    ],
    [
      'home.yaml:7: devices.oven.wats: unknown property of an oven; did you mean "power_watts"?\nhome.yaml:9: devices.fan: the name "fan" is reserved; call the device fan_1, for example',
      'home.yaml:7: devices.oven.wats: unbekannte Eigenschaft der Art oven; ist „power_watts“ gemeint?\nhome.yaml:9: devices.fan: der Name „fan“ ist vergeben; das Gerät zum Beispiel fan_1 nennen',
    ],
    [
      'the home file:3: this is not YAML: a ":" is missing after the key',
      'die Datei des Hauses:3: das ist kein YAML: nach dem Schlüssel fehlt ein „:“',
    ],
    [
      'a name must be a lower case letter, then at most 31 lower case letters, digits or _, but is "My House"; write my_house',
      'ein Name ist ein Kleinbuchstabe und danach höchstens 31 Kleinbuchstaben, Ziffern oder _, angegeben ist "My House"; stattdessen my_house schreiben',
    ],
    [
      'its trip needs 3.0 kWh in 2.0 h, and the sun leaves 2.00 kW; but 1.00 kW are left, and it needs 4.14 kW',
      'seine Fahrt braucht 3.0 kWh in 2.0 h, und von der Sonne bleiben 2.00 kW; aber es bleiben 1.00 kW, und es braucht 4.14 kW',
    ],
    ['the sun leaves 1.50 kW: on one phase', 'von der Sonne bleiben 1.50 kW: auf einer Phase'],
    [
      'the sun leaves 0.00 kW, there is room for 5.00 kW, a kWh costs 0.300 now and 0.200 to 0.300 in the next 24 h',
      'von der Sonne bleiben 0.00 kW, Platz ist für 5.00 kW, eine kWh kostet jetzt 0.300 und in den nächsten 24 h 0.200 bis 0.300',
    ],
    ['the ticket of house/~anna is wrong', 'Name oder Passwort von house/~anna ist falsch'],
    ['oven.power_watts: must be odd', 'oven.power_watts: must be odd'],
  ])('also inside of others and line by line: %s', (english, german) => {
    expect(refusalInWords(english)).toBe(german);
  });
});
