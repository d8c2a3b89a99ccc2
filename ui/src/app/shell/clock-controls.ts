import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { mdiPause, mdiPlay, mdiSkipNext } from '@mdi/js';
import { Connection } from '../bus/connection';
import { HomeStore } from '../bus/home-store';
import { Icon } from '../shared/icon';
import { Notices } from '../shared/notices';

const SPEEDS = [1, 10, 60, 300, 900, 3600] as const;

/** Pause, step and speed of simulated time; what it shows is what the home says, not what was pressed. */
@Component({
  selector: 'jb-clock-controls',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="row" role="group" aria-label="Simulated clock">
      <button
        class="round"
        [disabled]="!may() || isBusy()"
        [attr.aria-label]="isPaused() ? 'Resume time' : 'Pause time'"
        [title]="why()"
        (click)="toggle()"
        data-testid="pause"
      >
        <jb-icon [path]="isPaused() ? play : pause" />
      </button>
      <button
        class="round"
        [disabled]="!may() || !isPaused() || isBusy()"
        aria-label="One tick"
        title="One tick, while time is paused"
        (click)="step()"
        data-testid="step"
      >
        <jb-icon [path]="next" />
      </button>
      <label>
        <span class="hidden">Speed</span>
        <select [disabled]="!may() || isBusy()" (change)="setSpeed($any($event.target).value)" data-testid="speed">
          @for (speed of speeds(); track speed) {
            <option [value]="speed" [selected]="speed === current()">{{ speed === 'flat_out' ? 'flat out' : speed + '×' }}</option>
          }
        </select>
      </label>
    </div>
  `,
})
export class ClockControls {
  private readonly connection = inject(Connection);
  private readonly store = inject(HomeStore);
  private readonly notices = inject(Notices);
  protected readonly pause = mdiPause;
  protected readonly play = mdiPlay;
  protected readonly next = mdiSkipNext;
  protected readonly isBusy = signal(false);
  protected readonly isPaused = computed(() => this.store.summary()?.paused ?? false);
  protected readonly current = computed(() => String(this.store.summary()?.speed ?? 1));
  protected readonly may = computed(() => ['operator', 'admin'].includes(this.connection.role()) && this.connection.state() === 'online');
  protected readonly why = computed(() => (this.may() ? '' : 'You look as a viewer; an operator may turn the clock'));
  protected readonly speeds = computed(() => [...new Set([...SPEEDS.map(String), this.current(), 'flat_out'])]);

  protected toggle(): void {
    const call = this.isPaused() ? 'joulebus.{home}.clock.resume' : 'joulebus.{home}.clock.pause';
    void this.ask(() => this.connection.call(call, {}));
  }

  protected step(): void {
    void this.ask(() => this.connection.call('joulebus.{home}.clock.step', { ticks: 1 }));
  }

  protected setSpeed(value: string): void {
    void this.ask(() => this.connection.call('joulebus.{home}.clock.speed', { speed: value === 'flat_out' ? value : Number(value) }));
  }

  private async ask(call: () => Promise<unknown>): Promise<void> {
    this.isBusy.set(true);
    try {
      await call();
    } catch (error) {
      this.notices.warn(error);
    } finally {
      this.isBusy.set(false);
    }
  }
}
