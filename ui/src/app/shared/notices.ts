import { Injectable, signal } from '@angular/core';

const SHOWN_SECONDS = 8;
const KEPT_MAX = 50;

/** A sentence about something that has happened. */
export interface Notice {
  readonly number: number;
  readonly text: string;
  readonly isError: boolean;
  readonly at: Date;
}

/** What was done, or could not be done: shown for a while, and kept in a list. */
@Injectable({ providedIn: 'root' })
export class Notices {
  readonly shown = signal<readonly Notice[]>([]);
  /** All of them, the newest first, as far as they are kept. */
  readonly all = signal<readonly Notice[]>([]);
  private last = 0;

  say(text: string): void {
    this.add(text, false);
  }

  warn(error: unknown): void {
    this.add(error instanceof Error ? error.message : String(error), true);
  }

  dismiss(number: number): void {
    this.shown.update((notices) => notices.filter((one) => one.number !== number));
  }

  private add(text: string, isError: boolean): void {
    const number = ++this.last;
    const notice = { number, text, isError, at: new Date() };
    this.shown.update((notices) => [...notices.slice(-3), notice]);
    this.all.update((notices) => [notice, ...notices].slice(0, KEPT_MAX));
    window.setTimeout(() => this.dismiss(number), SHOWN_SECONDS * 1000);
  }
}
