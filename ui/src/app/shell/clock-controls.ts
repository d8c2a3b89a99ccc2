import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
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
    <div class="row" role="group" aria-label="Simulated clock" i18n-aria-label>
      <button
        class="round"
        [disabled]="!may()"
        [attr.aria-label]="isPaused() ? texts.resume : texts.pause"
        [title]="why()"
        (click)="toggle()"
        data-testid="pause"
      >
        <jb-icon [path]="isPaused() ? play : pause" />
      </button>
      <button
        class="round"
        [disabled]="!may() || !isPaused()"
        aria-label="One tick"
        i18n-aria-label
        title="One tick, while time is paused"
        i18n-title
        (click)="step()"
        data-testid="step"
      >
        <jb-icon [path]="next" />
      </button>
      <label>
        <span class="hidden" i18n>Speed</span>
        <select [disabled]="!may()" (change)="setSpeed($any($event.target).value)" data-testid="speed">
          @for (speed of speeds(); track speed) {
            <option [value]="speed" [selected]="speed === current()">{{ speed === 'flat_out' ? texts.flatOut : speed + '×' }}</option>
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
  protected readonly texts = { resume: $localize`Resume time`, pause: $localize`Pause time`, flatOut: $localize`flat out` };
  protected readonly pause = mdiPause;
  protected readonly play = mdiPlay;
  protected readonly next = mdiSkipNext;
  private asked: Promise<unknown> = Promise.resolve();
  protected readonly isPaused = computed(() => this.store.summary()?.paused ?? false);
  protected readonly current = computed(() => String(this.store.summary()?.speed ?? 1));
  protected readonly may = computed(() => ['operator', 'admin'].includes(this.connection.role()) && this.connection.state() === 'online');
  protected readonly why = computed(() =>
    this.may()
      ? ''
      : this.connection.state() === 'online'
        ? $localize`You look as a viewer; an operator may turn the clock`
        : $localize`There is no connection to the home at this moment`,
  );
  protected readonly speeds = computed(() => [...new Set([...SPEEDS.map(String), this.current(), 'flat_out'])]);

  protected toggle(): void {
    const call = this.isPaused() ? 'joulebus.{home}.clock.resume' : 'joulebus.{home}.clock.pause';
    this.ask(() => this.connection.call(call, {}));
  }

  protected step(): void {
    this.ask(() => this.connection.call('joulebus.{home}.clock.step', { ticks: 1 }));
  }

  protected setSpeed(value: string): void {
    this.ask(() => this.connection.call('joulebus.{home}.clock.speed', { speed: value === 'flat_out' ? value : Number(value) }));
  }

  /** One after the other. Nothing is disabled meanwhile: who presses keys would lose the place. */
  private ask(call: () => Promise<unknown>): void {
    this.asked = this.asked.then(call).catch((error: unknown) => this.notices.warn(error));
  }
}
