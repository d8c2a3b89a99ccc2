import { ChangeDetectionStrategy, Component, computed, DestroyRef, inject, resource, signal } from '@angular/core';
import { VERSION } from '@words';
import { Connection } from '../../bus/connection';
import { HomeStore } from '../../bus/home-store';
import { Notices } from '../../shared/notices';
import { Motion, Settings, Theme } from '../../shared/settings';

const LOOK_SECONDS = 3;

/** The parts of the home, how they do, and how this page looks. */
@Component({
  selector: 'jb-system',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './system.html',
  styleUrl: './system.css',
})
export class System {
  protected readonly connection = inject(Connection);
  protected readonly store = inject(HomeStore);
  protected readonly settings = inject(Settings);
  private readonly notices = inject(Notices);
  private readonly looks = signal(0);
  protected readonly version = VERSION;
  protected readonly themes: readonly Theme[] = ['system', 'light', 'dark'];
  protected readonly motions: readonly Motion[] = ['system', 'full', 'off'];
  protected readonly may = computed(() => ['operator', 'admin'].includes(this.connection.role()) && this.connection.state() === 'online');

  protected readonly status = resource({
    params: () => ({ looks: this.looks(), joins: this.connection.joins() }),
    loader: () => this.connection.call('joulebus.{home}.home.status', {}),
  });
  private last: { name: string; state: string; isReady: boolean; restarts: number; tick: string; cause: string }[] = [];
  protected readonly parts = computed(() => {
    if (this.status.hasValue()) {
      this.last = Object.entries(this.status.value().parts).map(([name, part]) => ({
        name,
        state: part.state,
        isReady: part.ready,
        restarts: part.restarts ?? 0,
        tick: part.tick?.toLocaleString('en') ?? '–',
        cause: part.cause ?? '',
      }));
    }
    return this.last;
  });
  protected readonly figures = computed(() => {
    const summary = this.store.summary();
    const snapshot = this.store.snapshot();
    return [
      { name: 'Tick', value: summary?.tick.toLocaleString('en') ?? '–', under: `of ${snapshot?.tick_seconds ?? 1} s` },
      { name: 'Lag', value: `${(summary?.lag_ticks ?? 0).toLocaleString('en')} ticks`, under: 'due and not settled' },
      { name: 'Sealed', value: (snapshot?.sealed_epochs ?? 0).toLocaleString('en'), under: 'quarter-hours' },
      { name: 'Records', value: summary?.record.toLocaleString('en') ?? '–', under: 'in the journal' },
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
      this.notices.say(`${name} is being restarted; the home waits for it, and nothing is lost`);
    } catch (error) {
      this.notices.warn(error);
    }
  }
}
