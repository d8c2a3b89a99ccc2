import { effect, inject, Injectable, signal, untracked } from '@angular/core';
import type { QuarterSeen } from '@words';
import { Notices } from '../shared/notices';
import { power } from '../shared/units';
import { Connection } from './connection';

/** The running quarter-hour of each meter of the home, as it was said last; whoever looks at any page is warned once of a new peak. */
@Injectable({ providedIn: 'root' })
export class Meters {
  private readonly connection = inject(Connection);
  private readonly notices = inject(Notices);
  readonly quarters = signal<Readonly<Record<string, QuarterSeen>>>({});
  private hears = false;

  constructor() {
    effect(() => {
      if (this.connection.joins() > 0) untracked(() => this.begin());
    });
  }

  private begin(): void {
    this.quarters.set({});
    if (this.hears) return;
    this.hears = true;
    this.connection.hear('joulebus.{home}.{device}.quarter', (quarter, topic) => this.take(topic.split('.')[2] ?? '', quarter));
  }

  private take(meter: string, quarter: QuarterSeen): void {
    this.quarters.update((before) => ({ ...before, [meter]: quarter }));
    if (quarter.warning) this.notices.warn(warningOf(quarter));
  }
}

/** What the meter warns of, in the language of this build. */
function warningOf(quarter: QuarterSeen): string {
  const [comes, above, cap, less] = [quarter.forecast_watts, quarter.gap_watts, quarter.cap_watts, quarter.allowed_watts].map(power);
  return $localize`This quarter-hour comes to ${comes}:POWER:, ${above}:ABOVE: above ${cap}:CAP:; take ${less}:LESS: less until it ends.`;
}
