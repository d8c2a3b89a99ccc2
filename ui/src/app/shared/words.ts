import { signal } from '@angular/core';
import { LANGUAGE } from './language';

const words = signal<Readonly<Record<string, string>>>({});
let loading: Promise<void> | null = null;

/** What the home says about kinds and their properties, in the language of this build: as it was said, until its words are loaded. */
export function inOwnWords(text: string): string {
  // They come when they are wanted first, and only to whom does not read English.
  if (LANGUAGE !== 'en') void loadWords();
  const known = words();
  return (Object.hasOwn(known, text) ? known[text] : '') || text;
}

/** German, which is the one other language; without its words texts stay English, and whoever asks next tries again. */
export function loadWords(): Promise<void> {
  loading ??= import('../../locale/de.words.json').then(
    (loaded) => words.set(loaded.default),
    () => void (loading = null),
  );
  return loading;
}
