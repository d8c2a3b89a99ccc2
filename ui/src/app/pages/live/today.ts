import { ChangeDetectionStrategy, Component, computed, DestroyRef, inject, resource, signal } from '@angular/core';
import { Connection } from '../../bus/connection';
import { HomeStore } from '../../bus/home-store';
import { layersOf } from '../../shared/flows';
import { StackChart } from '../../shared/stack-chart';

const AGAIN_SECONDS = 10;
const DAY_SECONDS = 86_400;

/** The simulated day so far, from the historian, in quarter-hours. */
@Component({
  selector: 'jb-today',
  imports: [StackChart],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (found(); as found) {
      <jb-stack-chart
        label="Mean power of each quarter-hour of this simulated day"
        i18n-label
        [starts]="found.starts"
        [ends]="found.to_unix_seconds"
        [until]="found.until"
        [layers]="layers()"
        [timezone]="store.timezone()"
      />
    } @else if (history.error()) {
      <p class="quiet" i18n>The history of the day is not there yet; it comes when the historian follows.</p>
    } @else {
      <p class="quiet" aria-busy="true" i18n>Asking the historian …</p>
    }
  `,
})
export class Today {
  private readonly connection = inject(Connection);
  protected readonly store = inject(HomeStore);
  private readonly looks = signal(0);

  protected readonly history = resource({
    params: () => ({ looks: this.looks(), joins: this.connection.joins() }),
    loader: async () => {
      const now = Date.parse(this.store.summary()?.time ?? '') / 1000;
      const begins = midnight(now, this.store.timezone());
      const ask = { from_unix_seconds: begins, to_unix_seconds: Math.ceil(now), resolution: '15m' as const, by: 'flow' as const };
      return { ...(await this.connection.call('joulebus.{home}.historian.energy', ask)), until: begins + DAY_SECONDS };
    },
  });
  /** Nothing after an error: whoever asks for its value then gets the error again. */
  protected readonly found = computed(() => (this.history.hasValue() ? this.history.value() : null));
  protected readonly layers = computed(() => {
    const found = this.found();
    return found ? layersOf(found.series, found.starts.length) : [];
  });

  constructor() {
    const timer = window.setInterval(() => {
      if (!document.hidden && !this.history.isLoading()) this.looks.update((count) => count + 1);
    }, AGAIN_SECONDS * 1000);
    inject(DestroyRef).onDestroy(() => window.clearInterval(timer));
  }
}

/** Where the day of a moment began at a place. */
export function midnight(unixSeconds: number, timezone: string): number {
  const text = new Date(unixSeconds * 1000).toLocaleTimeString('en-GB', { timeZone: timezone });
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  return Math.floor(unixSeconds) - 3600 * hours - 60 * minutes - seconds;
}
