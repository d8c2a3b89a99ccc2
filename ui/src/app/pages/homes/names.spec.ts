import { freeName, nameIn } from './names';

describe('names of homes', () => {
  it('is the wanted one, as far as names may say it', () => {
    expect(freeName('house', [])).toBe('house');
    expect(freeName('Mein Häuschen', [])).toBe('mein_h_uschen');
    expect(freeName('7 hills', [])).toBe('hills');
    expect(freeName('../..', [])).toBe('home');
    expect(freeName('a'.repeat(90), [])).toMatch(/^a{1,32}$/);
  });

  it('has a number behind it when it is taken', () => {
    expect(freeName('house', ['house'])).toBe('house_2');
    expect(freeName('house', ['house', 'house_2'])).toBe('house_3');
  });

  it('is found in a home file', () => {
    expect(nameIn('# A flat.\nhome: flat\ndevices: {}\n')).toBe('flat');
    expect(nameIn('home: "my_flat" # mine')).toBe('my_flat');
    expect(nameIn('devices:\n  home: {kind: tv}')).toBe('');
  });
});
