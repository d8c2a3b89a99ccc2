import { effect, inject, Signal, signal, untracked } from '@angular/core';
import type { CarReported, History } from '@words';
import { Connection } from '../../bus/connection';
import { HomeStore } from '../../bus/home-store';
import { Levels } from './readiness';
import { levelsOf } from './levels';

const SPAN_SECONDS = 86_400;
const POINTS = 288;
const AGAIN_MILLISECONDS = 300;
/** So often the historian, which follows the home, is waited for. */
const WAITS_MAX = 20;

/** The levels of a car over the last simulated day, asked for anew every ten simulated minutes; what was known stays meanwhile. */
export class CarPast {
  private readonly connection = inject(Connection);
  private readonly store = inject(HomeStore);
  readonly levels = signal<Levels | null>(null);
  /** What it took in each of their buckets, in J. */
  readonly taken = signal<readonly number[]>([]);
  readonly trouble = signal('');
  private isAsking = false;
  private isOutdated = false;

  constructor(private readonly name: Signal<string>) {
    effect(() => {
      const tenMinutes = Math.floor(Date.parse(this.store.summary()?.time ?? '') / 600_000);
      if (this.name() && tenMinutes && this.connection.joins() > 0) untracked(() => void this.refresh());
    });
  }

  /** One question at a time, however fast time flies. */
  private async refresh(): Promise<void> {
    this.isOutdated = true;
    if (this.isAsking) return;
    this.isAsking = true;
    while (this.isOutdated) {
      this.isOutdated = false;
      try {
        await this.ask(this.name());
        this.trouble.set('');
      } catch (error) {
        this.trouble.set((error as Error).message);
      }
      await pause();
    }
    this.isAsking = false;
  }

  private async ask(name: string): Promise<void> {
    const { start_unix_seconds: start, tick_seconds: length } = this.store.snapshot() ?? {};
    const { tick, readings } = (await this.connection.call('joulebus.{home}.{device}.state', {}, name)) as CarReported;
    if (start === undefined || length === undefined || !tick) return;
    const now = start + tick * length;
    const history = await this.until(now, start, name);
    this.levels.set({
      starts: history.starts,
      ends: history.to_unix_seconds,
      joules: levelsOf(name, history.starts.length, history.series, readings.level_joules),
    });
    this.taken.set(history.series[`${name}.in`] ?? history.starts.map(() => 0));
  }

  /** The history up to the tick whose level is known. */
  private async until(now: number, start: number, name: string): Promise<History> {
    for (let waits = 0; ; waits++) {
      const history = await this.connection.call('joulebus.{home}.historian.energy', {
        from_unix_seconds: Math.max(now - SPAN_SECONDS, start),
        to_unix_seconds: now,
        by: 'device',
        names: [name],
        points_max: POINTS,
      });
      if (history.to_unix_seconds >= now || waits === WAITS_MAX) return history;
      await pause();
    }
  }
}

function pause(): Promise<void> {
  return new Promise((go) => window.setTimeout(go, AGAIN_MILLISECONDS));
}
