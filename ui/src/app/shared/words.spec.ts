import { propertyName } from './property-name';
import { CALLS, Dictionary, inOwnWords, loadWords } from './words';

describe('the words of the home', () => {
  it('are as they were said until those of this language are there, and where it has none', async () => {
    expect(inOwnWords('constructor')).toBe('constructor');
    await loadWords();
    expect(inOwnWords('0 is shed first, 9 last')).toBe('0 wird zuerst abgeworfen, 9 zuletzt');
    expect(inOwnWords('Shedding priority')).toBe('Rang beim Abwurf');
    for (const text of ['of a kind of another version', 'constructor', '']) expect(inOwnWords(text)).toBe(text);
  });

  it('are there as soon as what is fetched with them', async () => {
    const source = () =>
      new Promise<{ default: Record<string, string> }>((resolve) => setTimeout(() => resolve({ default: { off: 'aus' } }), 20));
    for (const isWanted of [true, false]) {
      const slow = new Dictionary(source, isWanted);
      expect(await slow.with(Promise.resolve(7))).toBe(7);
      expect(slow.say('off')).toBe(isWanted ? 'aus' : 'off');
    }
  });

  it('have those of calls, too, and names of properties without their units', async () => {
    await loadWords();
    expect([CALLS.say('Change the speed.'), CALLS.say('of another version'), CALLS.find('of another version')]).toEqual([
      'Das Tempo ändern.',
      'of another version',
      '',
    ]);
    expect(['power_watts', 'reserve_percent', 'charge_from_grid', 'of_another_version'].map(propertyName)).toEqual([
      'Leistung',
      'Reserve',
      'Laden aus dem Netz',
      'of another version',
    ]);
  });
});
