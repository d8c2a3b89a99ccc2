import { inOwnWords, loadWords } from './words';

describe('the words of the home', () => {
  it('are as they were said until those of this language are there, and where it has none', async () => {
    expect(inOwnWords('constructor')).toBe('constructor');
    await loadWords();
    expect(inOwnWords('0 is shed first, 9 last')).toBe('0 wird zuerst abgeworfen, 9 zuletzt');
    expect(inOwnWords('Shedding priority')).toBe('Rang beim Abwurf');
    for (const text of ['of a kind of another version', 'constructor', '']) expect(inOwnWords(text)).toBe(text);
  });
});
