import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import type { CarProgramProperties } from '@words';
import { HomeStore } from '../../bus/home-store';
import { DeviceForm } from '../../shared/device-form';
import { dayAndTime } from '../../shared/moments';
import { told } from '../../shared/told';
import { EntryField } from './entry-field';
import { ProgramLog } from './program-log';

type NumberOf = 'target_percent' | 'minimum_percent' | 'peak_watts_max';

/** The program that charges cars: what people want of it, and when it decided last. */
@Component({
  selector: 'jb-program-card',
  imports: [EntryField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './program-card.html',
  styleUrls: ['../../shared/device-page.css', './car-card.css'],
})
export class ProgramCard {
  private readonly store = inject(HomeStore);
  readonly form = input.required<DeviceForm<CarProgramProperties>>();
  readonly log = input.required<ProgramLog>();

  protected readonly label = computed(() => this.form().device()?.label ?? '');
  protected readonly decidedAt = computed(() => {
    const unix = this.log().state()?.seen_until;
    return unix ? dayAndTime(unix, this.store.timezone()) : '';
  });
  protected readonly warnings = computed(() => (this.log().state()?.warnings ?? []).map(told));
  protected readonly readyBy = computed(() => (this.form().values()?.ready_by ?? []).join('; '));
  protected readonly numbers: readonly { name: NumberOf; unit: string; label: string }[] = [
    { name: 'target_percent', unit: '%', label: $localize`Cars are charged up to` },
    { name: 'minimum_percent', unit: '%', label: $localize`Charged at once below` },
    { name: 'peak_watts_max', unit: 'W', label: $localize`From the grid at most, in the mean of a quarter-hour; empty is no limit` },
  ];

  /** Days of one time stand with commas between them, and so times do not. */
  protected writeTimes(text: string): void {
    const times = text.split(';').map((one) => one.trim());
    this.form().write(
      'ready_by',
      times.filter((one) => one),
    );
  }
}
