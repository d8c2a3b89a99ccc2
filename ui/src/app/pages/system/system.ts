import { ChangeDetectionStrategy, Component, computed, DestroyRef, inject, resource, signal } from '@angular/core';
import type { PartStatus } from '@words';
import { Connection } from '../../bus/connection';
import { HomeStore } from '../../bus/home-store';
import { NUMBERS } from '../../shared/language';
import { Notices } from '../../shared/notices';
import { told } from '../../shared/told';
import { Audit } from './audit';
import { PartLog } from './part-log';

const LOOK_SECONDS = 3;

interface Part {
  readonly name: string;
  readonly state: string;
  readonly text: string;
  readonly restart: string;
  readonly isReady: boolean;
  readonly restarts: number;
  readonly tick: string;
  readonly lag: string;
  readonly memory: string;
  readonly dropped: string;
  readonly cause: string;
}

function partState(state: string): string {
  const names: Readonly<Record<string, string>> = {
    running: $localize`running`,
    starting: $localize`starting`,
    stopped: $localize`stopped`,
    ended: $localize`ended`,
    outside: $localize`elsewhere`,
  };
  return names[state] ?? state;
}

/** Why it is not ready; that it has ended, say, stands there already. */
function causeOf({ state, cause }: PartStatus): string {
  return !cause || cause === `it is ${state}` ? '' : told(cause);
}

/** The parts of the home, and how they do. */
@Component({
  selector: 'jb-system',
  imports: [Audit, PartLog],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './system.html',
  styleUrl: './system.css',
})
export class System {
  protected readonly connection = inject(Connection);
  protected readonly store = inject(HomeStore);
  private readonly notices = inject(Notices);
  private readonly looks = signal(0);
  protected readonly asking = $localize`Asking the home …`;
  protected readonly may = computed(() => ['operator', 'admin'].includes(this.connection.role()) && this.connection.state() === 'online');

  protected readonly status = resource({
    params: () => ({ looks: this.looks(), joins: this.connection.joins() }),
    loader: () => this.connection.call('joulebus.{home}.home.status', {}),
  });
  private last: Part[] = [];
  protected readonly parts = computed(() => {
    if (this.status.hasValue()) {
      this.last = Object.entries(this.status.value().parts).map(([name, part]) => ({
        name,
        state: part.state,
        isReady: part.ready,
        text: part.ready ? $localize`ready` : partState(part.state),
        restart: $localize`Restart ${name}:NAME:`,
        restarts: part.restarts ?? 0,
        tick: part.tick?.toLocaleString(NUMBERS) ?? '–',
        lag: part.lag_ticks?.toLocaleString(NUMBERS) ?? '–',
        memory: part.memory_bytes ? `${Math.round(part.memory_bytes / 1e6).toLocaleString(NUMBERS)}\u202fMB` : '–',
        dropped: part.dropped?.toLocaleString(NUMBERS) ?? '–',
        cause: causeOf(part),
      }));
    }
    return this.last;
  });
  protected readonly names = computed(() => this.parts().map((part) => part.name), { equal: (a, b) => a.join() === b.join() });
  protected readonly figures = computed(() => {
    const summary = this.store.summary();
    const snapshot = this.store.snapshot();
    return [
      {
        name: $localize`Tick`,
        value: summary?.tick.toLocaleString(NUMBERS) ?? '–',
        under: $localize`of ${snapshot?.tick_seconds ?? 1}:SECONDS: s`,
      },
      {
        name: $localize`Lag`,
        value: $localize`${(summary?.lag_ticks ?? 0).toLocaleString(NUMBERS)}:TICKS: ticks`,
        under: $localize`due and not settled`,
      },
      { name: $localize`Sealed`, value: (snapshot?.sealed_epochs ?? 0).toLocaleString(NUMBERS), under: $localize`quarter-hours` },
      { name: $localize`Records`, value: summary?.record.toLocaleString(NUMBERS) ?? '–', under: $localize`in the journal` },
    ];
  });

  constructor() {
    const timer = window.setInterval(() => {
      if (!document.hidden && !this.status.isLoading()) this.looks.update((count) => count + 1);
    }, LOOK_SECONDS * 1000);
    inject(DestroyRef).onDestroy(() => window.clearInterval(timer));
  }

  protected async restart(name: string): Promise<void> {
    try {
      await this.connection.call('joulebus.{home}.home.restart', { name });
      this.notices.say($localize`${name}:NAME: is being restarted; the home waits for it, and nothing is lost`);
    } catch (error) {
      this.notices.warn(error);
    }
  }
}
