import { signal } from '@angular/core';
import { LANGUAGE } from './language';

/** Texts of the home and what they are in German; loaded when they are wanted first, and only for whom does not read English. */
export class Dictionary {
  private readonly words = signal<Readonly<Record<string, string>>>({});
  private loading: Promise<void> | null = null;

  constructor(private readonly source: () => Promise<{ default: Readonly<Record<string, string>> }>) {}

  /** A text in the language of this build: as it was said, until the words are there, and where they have none. */
  say(text: string): string {
    if (LANGUAGE !== 'en') void this.load();
    const known = this.words();
    return (Object.hasOwn(known, text) ? known[text] : '') || text;
  }

  /** German, which is the one other language; without its words texts stay English, and whoever asks next tries again. */
  load(): Promise<void> {
    this.loading ??= this.source().then(
      (loaded) => this.words.set(loaded.default),
      () => void (this.loading = null),
    );
    return this.loading;
  }
}

const KINDS = new Dictionary(() => import('../../locale/de.words.json'));

/** What the home says about kinds and their properties, in the language of this build. */
export function inOwnWords(text: string): string {
  return KINDS.say(text);
}

export function loadWords(): Promise<void> {
  return KINDS.load();
}
