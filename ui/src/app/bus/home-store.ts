import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import type { Member, ScreenSnapshot, Summary } from '@words';
import { Connection } from './connection';
import { CallError } from './errors';
import { Mirror } from './mirror';

const ASK_AGAIN_SECONDS = 1;
const OLD_SECONDS = 4;

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

  constructor() {
    effect(() => {
      if (this.connection.joins() > 0) untracked(() => this.begin());
    });
    window.setInterval(() => this.now.set(Date.now()), 1000);
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && this.late) this.show(this.late);
    });
  }

  private hears = false;

  private begin(): void {
    if (!this.hears) {
      this.hears = true;
      this.connection.hear('joulebus.{home}.screen.changed', (change) => {
        if (this.mirror.takeChange(change)) this.snapshot.set(this.mirror.snapshot);
        else void this.ask();
      });
      this.connection.hear('joulebus.{home}.screen.summary', (summary) => this.take(summary));
    }
    void this.ask();
  }

  private take(summary: Summary): void {
    this.heard.set(Date.now());
    if (!this.mirror.fits(summary)) void this.ask();
    // A page that nobody sees is not drawn again.
    if (document.hidden) this.late = summary;
    else this.show(summary);
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
      this.heard.set(Date.now());
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
