import { ChangeDetectionStrategy, Component, computed, DestroyRef, inject, signal } from '@angular/core';
import { Connection } from '../../bus/connection';
import { CallError } from '../../bus/errors';

const FLUSH_MILLISECONDS = 250;
const MESSAGES_MAX = 500;
const SHOWN_MAX = 60;
const RATE_SECONDS = 5;

interface Message {
  readonly number: number;
  readonly topic: string;
  readonly body: unknown;
  readonly bytes: number;
  readonly at: Date;
}

/** What is said on the bus of this home, and a place to ask. Only the newest is kept, and it says how much was not. */
@Component({
  selector: 'jb-bus',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './bus.html',
  styleUrl: './bus.css',
})
export class BusPage {
  private readonly connection = inject(Connection);
  private readonly base = `joulebus.${this.connection.home()}.`;
  private waiting: Message[] = [];
  private count = 0;

  protected readonly messages = signal<readonly Message[]>([]);
  protected readonly topics = signal<ReadonlyMap<string, { count: number; rate: number }>>(new Map());
  protected readonly held = signal(0);
  protected readonly dropped = signal(0);
  protected readonly isPaused = signal(false);
  protected readonly filter = signal('');
  protected readonly chosen = signal<Message | null>(null);
  protected readonly rows = computed(() => {
    const wanted = this.filter().toLowerCase();
    return this.messages()
      .filter((one) => one.topic.toLowerCase().includes(wanted))
      .slice(0, SHOWN_MAX);
  });
  protected readonly tree = computed(() => {
    const wanted = this.filter().toLowerCase();
    return [...this.topics()]
      .filter(([topic]) => topic.toLowerCase().includes(wanted))
      .sort(([, a], [, b]) => b.rate - a.rate || b.count - a.count)
      .map(([topic, told]) => ({ topic, ...told }));
  });
  protected readonly detail = computed(() => JSON.stringify(this.chosen()?.body, null, 2) ?? '');

  protected readonly address = signal(`${this.base}home.list`);
  protected readonly arguments = signal('{}');
  protected readonly answer = signal('');
  protected readonly isAsking = signal(false);

  constructor() {
    const heard = this.connection.hearAddress(this.base, 'prefix', (body, topic) => this.take(topic, body));
    const flush = window.setInterval(() => this.flush(), FLUSH_MILLISECONDS);
    const rates = window.setInterval(() => this.measure(), RATE_SECONDS * 1000);
    inject(DestroyRef).onDestroy(() => {
      heard.close();
      window.clearInterval(flush);
      window.clearInterval(rates);
    });
  }

  protected turn(): void {
    this.isPaused.update((paused) => !paused);
  }

  protected clear(): void {
    this.messages.set([]);
    this.dropped.set(0);
    this.chosen.set(null);
  }

  protected async ask(event: Event): Promise<void> {
    event.preventDefault();
    this.isAsking.set(true);
    try {
      const given: unknown = JSON.parse(this.arguments() || '{}');
      this.answer.set(JSON.stringify(await this.connection.callAddress(this.address(), given), null, 2));
    } catch (error) {
      this.answer.set(
        error instanceof CallError
          ? `${error.message}\n${Object.entries(error.fields)
              .map(([field, text]) => `${field}: ${text}`)
              .join('\n')}`
          : `The arguments must be JSON: ${String(error)}`,
      );
    } finally {
      this.isAsking.set(false);
    }
  }

  private readonly counts = new Map<string, { all: number; lately: number }>();

  private take(topic: string, body: unknown): void {
    const name = topic.slice(this.base.length);
    const told = this.counts.get(name) ?? { all: 0, lately: 0 };
    this.counts.set(name, { all: told.all + 1, lately: told.lately + 1 });
    const message = { number: ++this.count, topic: name, body, bytes: JSON.stringify(body)?.length ?? 0, at: new Date() };
    this.waiting.push(message);
    if (this.waiting.length > MESSAGES_MAX) {
      this.waiting.shift();
      this.dropped.update((count) => count + 1);
    }
  }

  private flush(): void {
    if (this.isPaused()) {
      this.held.set(this.waiting.length);
      return;
    }
    this.held.set(0);
    if (!this.waiting.length || document.hidden) return;
    const fresh = this.waiting.reverse();
    this.waiting = [];
    this.messages.update((kept) => [...fresh, ...kept].slice(0, MESSAGES_MAX));
  }

  private measure(): void {
    this.topics.set(new Map([...this.counts].map(([topic, told]) => [topic, { count: told.all, rate: told.lately / RATE_SECONDS }])));
    this.counts.forEach((told, topic) => this.counts.set(topic, { all: told.all, lately: 0 }));
  }
}
