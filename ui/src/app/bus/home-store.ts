import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import type { Member, ScreenSnapshot, Summary } from '@words';
import { Connection, Hearing } from './connection';
import { CallError } from './errors';
import { Mirror } from './mirror';

const ASK_AGAIN_SECONDS = 1;
const OLD_SECONDS = 4;
/** Changes and the numbers of a moment come as messages of their own, and are drawn in one picture. */
const TOGETHER_MS = 30;
/** From one picture to the next: nobody reads numbers that change more often, and each picture costs. */
const BETWEEN_MS = 450;

/** A device as people see it. */
export interface Device extends Member {
  readonly name: string;
  /** What people call it. */
  readonly label: string;
  readonly isOn: boolean;
  /** Mean of the last window; positive takes, negative gives. */
  readonly watts: number;
  readonly readings: Readonly<Record<string, number>>;
  readonly isUnserved: boolean;
  /** The connection whose gas it burns, in place of taking power. */
  readonly supply: string | null;
}

/** The picture of the home: one snapshot, the changes after it without gaps, and the numbers of this moment. */
@Injectable({ providedIn: 'root' })
export class HomeStore {
  private readonly connection = inject(Connection);
  private readonly mirror = new Mirror();

  readonly snapshot = signal<ScreenSnapshot | null>(null);
  readonly summary = signal<Summary | null>(null);
  /** Why there is no picture, in a sentence; empty when there is one. */
  readonly trouble = signal('');
  private readonly heard = signal(0);
  private readonly moved = signal(0);
  private readonly now = signal(Date.now());

  readonly devices = computed<Device[]>(() => {
    const snapshot = this.snapshot();
    const summary = this.summary();
    if (!snapshot || !summary) return [];
    return Object.entries(snapshot.roster).map(([name, member]) => deviceOf(name, member, snapshot, summary));
  });
  readonly byName = computed(() => new Map(this.devices().map((device) => [device.name, device])));
  readonly currency = computed(() => {
    const grid = Object.values(this.snapshot()?.roster ?? {}).find((member) => member.kind === 'grid');
    return String(grid?.properties?.['currency'] || '€');
  });
  readonly timezone = computed(() => this.snapshot()?.timezone ?? 'UTC');
  /** Seconds since the last word of the home; 0 while it is fresh. */
  readonly ageSeconds = computed(() => {
    const seconds = Math.round((this.now() - this.heard()) / 1000);
    return this.summary() && seconds >= OLD_SECONDS ? seconds : 0;
  });

  /** Seconds for which simulated time has not moved although nobody has paused it; 0 while it moves as it should. */
  readonly stillSeconds = computed(() => {
    const summary = this.summary();
    if (!summary || summary.paused || summary.cause) return 0;
    const tick = summary.speed === 'flat_out' ? 0 : (this.snapshot()?.tick_seconds ?? 1) / summary.speed;
    const seconds = Math.round((this.now() - this.moved()) / 1000);
    return seconds >= Math.max(OLD_SECONDS, 3 * tick) ? seconds : 0;
  });

  private asking = false;
  private late: Summary | null = null;
  private drawing: number | undefined;
  private drawn = 0;
  private lastHeard = 0;

  constructor() {
    effect(() => {
      if (this.connection.joins() > 0) untracked(() => this.begin());
    });
    window.setInterval(() => document.hidden || this.now.set(Date.now()), 1000);
    document.addEventListener('visibilitychange', () => (document.hidden ? this.rest() : this.begin()));
  }

  private hearings: readonly Hearing[] = [];

  private begin(): void {
    if (document.hidden || !this.connection.joins()) return; // A page that nobody sees hears nothing, and asks when somebody looks.
    if (!this.hearings.length) {
      this.hearings = [
        this.connection.hear('joulebus.{home}.screen.changed', (change) => {
          if (!this.mirror.takeChange(change)) void this.ask();
          else if (change.roster ?? change.layout ?? change.groups) this.draw();
          else this.drawSoon();
        }),
        this.connection.hear('joulebus.{home}.screen.summary', (summary) => this.take(summary)),
      ];
    }
    void this.ask();
  }

  private rest(): void {
    this.hearings.forEach((hearing) => hearing.close());
    this.hearings = [];
  }

  private take(summary: Summary): void {
    this.lastHeard = Date.now();
    if (!this.mirror.fits(summary)) void this.ask();
    this.late = summary;
    const shown = this.summary();
    // What somebody did is seen at once; numbers come many times a second.
    if (summary.paused !== shown?.paused || summary.speed !== shown.speed) this.draw();
    else this.drawSoon();
  }

  private drawSoon(): void {
    if (document.hidden) return; // A page that nobody sees is not drawn.
    this.drawing ??= window.setTimeout(() => this.draw(), Math.max(TOGETHER_MS, this.drawn + BETWEEN_MS - performance.now()));
  }

  private draw(): void {
    window.clearTimeout(this.drawing);
    this.drawing = undefined;
    if (document.hidden) return;
    this.drawn = performance.now();
    this.now.set(Date.now());
    this.heard.set(this.lastHeard);
    this.snapshot.set(this.mirror.snapshot);
    if (this.late) this.show(this.late);
  }

  private show(summary: Summary): void {
    this.late = null;
    const before = this.summary();
    if (summary.tick !== before?.tick || summary.paused !== before.paused) this.moved.set(Date.now());
    this.summary.set(summary);
  }

  /** One question at a time; while nobody can answer, again after a second. */
  private async ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      const snapshot = await this.connection.call('joulebus.{home}.screen.snapshot', {});
      const whole = this.mirror.takeSnapshot(snapshot);
      this.snapshot.set(this.mirror.snapshot);
      this.show(snapshot.summary);
      this.lastHeard = Date.now();
      this.heard.set(this.lastHeard);
      this.trouble.set('');
      if (!whole) this.askLater();
    } catch (error) {
      this.trouble.set((error as CallError).message);
      if (this.connection.state() === 'online') this.askLater();
    } finally {
      this.asking = false;
    }
  }

  private askLater(): void {
    window.setTimeout(() => void this.ask(), ASK_AGAIN_SECONDS * 1000);
  }
}

function deviceOf(name: string, member: Member, snapshot: ScreenSnapshot, summary: Summary): Device {
  const isOn = member.on !== false;
  return {
    ...member,
    name,
    label: snapshot.layout?.[name]?.label ?? name,
    isOn,
    watts: isOn ? (summary.power_watts[name] ?? 0) : 0,
    readings: snapshot.readings[name] ?? {},
    isUnserved: summary.unserved?.includes(name) ?? false,
    supply: typeof member.properties?.['supply'] === 'string' ? member.properties['supply'] : null,
  };
}
