import { signal } from '@angular/core';
import { LANGUAGE } from './language';

/** Texts of the home and what they are in German; loaded when they are wanted first, and only for whom does not read English. */
export class Dictionary {
  private readonly words = signal<Readonly<Record<string, string>>>({});
  private loading: Promise<void> | null = null;

  constructor(
    private readonly source: () => Promise<{ default: Readonly<Record<string, string>> }>,
    private readonly isWanted = LANGUAGE !== 'en',
  ) {}

  /** A text in the language of this build: as it was said, until the words are there, and where they have none. */
  say(text: string): string {
    return this.find(text) || text;
  }

  /** The same; "" where there are no words for it. */
  find(text: string): string {
    if (this.isWanted) void this.load();
    const known = this.words();
    return (Object.hasOwn(known, text) ? known[text] : '') ?? '';
  }

  /** What is fetched anyway, together with the words that it will be said in: nobody sees it in another language first. */
  async with<T>(fetched: Promise<T>): Promise<T> {
    if (this.isWanted) await this.load();
    return fetched;
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

/** Of kinds and their properties. */
export const KINDS = new Dictionary(() => import('../../locale/de.words.json'));
/** Of calls and their fields, as the specification has them. */
export const CALLS = new Dictionary(() => import('../../locale/de.calls.json'));

/** What the home says about kinds and their properties, in the language of this build. */
export function inOwnWords(text: string): string {
  return KINDS.say(text);
}

/** All of them. */
export async function loadWords(): Promise<void> {
  await Promise.all([KINDS.load(), CALLS.load()]);
}
