import { signal } from '@angular/core';

const MESSAGES_MAX = 500;
const RATE_SECONDS = 5;
const TOPICS_MAX = 500;

/** Something that was said on the bus. */
export interface Message {
  readonly number: number;
  readonly topic: string;
  readonly body: unknown;
  /** What was said before on the same topic; undefined: nothing that is known here. */
  readonly before: unknown;
  readonly bytes: number;
  readonly at: Date;
  /** Who said it; empty when the router does not tell. */
  readonly publisher: string;
  /** What of it is not as the specification says; empty when all of it is. */
  readonly fault: string;
}

interface Counted {
  all: number;
  /** By second, the newest last. */
  lately: number[];
}

/** What was heard, the newest first, and how often; it keeps only so much, and says how much it did not. */
export class Feed {
  readonly messages = signal<readonly Message[]>([]);
  readonly topics = signal<readonly { topic: string; count: number; rate: number }[]>([]);
  /** How many wait while nothing is shown. */
  readonly held = signal(0);
  readonly dropped = signal(0);
  /** How many were not as the specification says. */
  readonly wrong = signal(0);

  private waiting: Message[] = [];
  private lost = 0;
  private faults = 0;
  private number = 0;
  private readonly counts = new Map<string, Counted>();
  private readonly last = new Map<string, unknown>();
  private seconds = 0;

  /** As cheap as it can be: a thousand of them may come in a second. */
  take(topic: string, body: unknown, publisher = '', fault = ''): void {
    let counted = this.counts.get(topic);
    if (!counted && this.counts.size < TOPICS_MAX) this.counts.set(topic, (counted = { all: 0, lately: [0] }));
    if (counted) {
      counted.all += 1;
      counted.lately.push((counted.lately.pop() ?? 0) + 1);
    }
    const bytes = JSON.stringify(body)?.length ?? 0;
    this.waiting.push({ number: ++this.number, topic, body, before: this.last.get(topic), bytes, at: new Date(), publisher, fault });
    if (fault) this.faults += 1;
    if (this.counts.has(topic)) this.last.set(topic, body);
    if (this.waiting.length > MESSAGES_MAX) {
      this.waiting.shift();
      this.lost += 1;
    }
  }

  /** Show what has come; while it is paused, only how much that is. */
  show(isPaused: boolean): void {
    this.dropped.set(this.lost);
    this.wrong.set(this.faults);
    this.held.set(isPaused ? this.waiting.length : 0);
    if (!this.topics().length && this.counts.size) this.count();
    if (isPaused || !this.waiting.length) return;
    const fresh = this.waiting.reverse();
    this.waiting = [];
    this.messages.update((kept) => [...fresh, ...kept].slice(0, MESSAGES_MAX));
  }

  /** A second has passed. */
  tick(): void {
    this.seconds += 1;
    this.count();
    for (const counted of this.counts.values()) {
      counted.lately.push(0);
      if (counted.lately.length > RATE_SECONDS) counted.lately.shift();
    }
  }

  clear(): void {
    this.messages.set([]);
    this.waiting = [];
    this.lost = this.faults = 0;
    this.dropped.set(0);
    this.wrong.set(0);
  }

  private count(): void {
    const span = Math.min(RATE_SECONDS, Math.max(1, this.seconds));
    this.topics.set(
      [...this.counts]
        .map(([topic, { all, lately }]) => ({ topic, count: all, rate: lately.reduce((sum, one) => sum + one, 0) / span }))
        .sort((a, b) => b.rate - a.rate || b.count - a.count || (a.topic < b.topic ? -1 : 1)),
    );
  }
}
