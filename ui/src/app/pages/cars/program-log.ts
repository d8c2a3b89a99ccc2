import { DestroyRef, effect, inject, Signal, signal, untracked } from '@angular/core';
import type { CarProgramReported, CarProgramState } from '@words';
import { Connection, Hearing } from '../../bus/connection';
import { Specification } from '../../bus/specification';
import { Decided, withDecided } from './plans';

/** What the program says of itself: asked for once, then heard, at most once a second. */
export class ProgramLog {
  private readonly connection = inject(Connection);
  private readonly specification = inject(Specification);
  /** Null before it has answered. */
  readonly state = signal<CarProgramState | null>(null);
  /** What it decided while this page was open. */
  readonly log = signal<readonly Decided[]>([]);
  readonly trouble = signal('');
  private hearing: Hearing | null = null;

  constructor(private readonly name: Signal<string>) {
    effect(() => {
      const name = this.name();
      if (this.connection.joins() > 0) untracked(() => this.follow(name));
    });
    inject(DestroyRef).onDestroy(() => this.hearing?.close());
  }

  private follow(name: string): void {
    this.hearing?.close();
    this.hearing = null;
    this.trouble.set('');
    this.state.set(null);
    if (!name) return;
    const address = `joulebus.${this.connection.home()}.${name}.reported`;
    this.hearing = this.connection.hearAddress(address, 'exact', (message, topic) => {
      if (name === this.name() && !this.specification.faultOf(topic, message)) this.take(message as CarProgramReported);
    });
    void this.ask(name);
  }

  private async ask(name: string): Promise<void> {
    try {
      const answer = (await this.connection.call('joulebus.{home}.{device}.state', {}, name)) as CarProgramReported;
      if (name === this.name()) this.take(answer);
    } catch (error) {
      this.trouble.set((error as Error).message);
    }
  }

  private take({ state }: CarProgramReported): void {
    this.trouble.set('');
    this.state.set(state);
    this.log.update((log) => withDecided(log, { unix: state.seen_until, reasons: state.reasons }));
  }
}
