import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import type { InverterProperties } from '@words';
import { HomeStore } from '../../bus/home-store';
import { DayBand } from '../../shared/day-band';
import { DeviceForm } from '../../shared/device-form';
import { Effects } from '../../shared/effects';
import { localText } from '../../shared/moments';
import { inWords } from '../../shared/sentences';
import { minutesOf } from '../../shared/windows';

type NumberName = {
  [K in keyof InverterProperties]: InverterProperties[K] extends number | null ? K : never;
}[keyof InverterProperties];
type Purpose = InverterProperties['priority'][number];

/** When the battery is charged and serves the home, what the sun is for, and the limits towards the grid. */
@Component({
  selector: 'jb-inverter',
  imports: [DayBand, Effects],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './inverter.html',
  styleUrl: '../../shared/device-page.css',
})
export class InverterPage {
  protected readonly store = inject(HomeStore);
  protected readonly inWords = inWords;
  protected readonly name = computed(() => this.store.devices().find((one) => one.kind === 'inverter')?.name ?? '');
  protected readonly form = new DeviceForm<InverterProperties>(this.name);
  protected readonly watched = computed(() => [this.name()]);
  protected readonly minute = computed(() => {
    const unix = Date.parse(this.store.summary()?.time ?? '') / 1000;
    return Number.isFinite(unix) ? minutesOf(localText(unix, this.store.timezone()).slice(11)) : null;
  });

  protected readonly windows = [
    {
      name: 'charge_from_sun',
      look: 'solar',
      label: $localize`The sun may charge the battery`,
      help: '',
    },
    {
      name: 'charge_from_grid',
      look: 'grid',
      label: $localize`The grid charges the battery`,
      help: $localize`Up to the target of the page Storage.`,
    },
    {
      name: 'discharge',
      look: 'battery',
      label: $localize`The battery may serve the home`,
      help: '',
    },
    {
      name: 'reserve_during',
      look: 'heat',
      label: $localize`The reserve is kept`,
      help: $localize`At other times the battery serves on below it.`,
    },
  ] as const;
  protected readonly limits: readonly { name: NumberName; unit: string; label: string }[] = [
    { name: 'export_limit_watts', unit: 'W', label: $localize`To the grid at most; 0 is zero export` },
    { name: 'import_cap_watts', unit: 'W', label: $localize`From the grid at most` },
    { name: 'charge_watts_max', unit: 'W', label: $localize`Into the battery at most` },
  ];
  protected readonly prices: readonly { name: NumberName; unit: string; label: string }[] = [
    { name: 'charge_below_euro_per_kwh', unit: '€/kWh', label: $localize`Charge from the grid while a kWh costs less than` },
    { name: 'charge_cheapest_hours', unit: 'h', label: $localize`Charge from the grid in so many cheapest hours of a day` },
    { name: 'discharge_from_euro_per_kwh', unit: '€/kWh', label: $localize`Discharge only while a kWh costs at least` },
    { name: 'export_from_euro_per_kwh', unit: '€/kWh', label: $localize`Export only while it pays at least` },
    { name: 'sell_from_euro_per_kwh', unit: '€/kWh', label: $localize`Sell from the battery while it pays at least` },
  ];
  protected readonly switches: readonly { name: 'backup_only' | 'island_operation' | 'restore_reserve'; label: string }[] = [
    { name: 'backup_only', label: $localize`Keep the battery for outages alone` },
    { name: 'island_operation', label: $localize`Serve the home while the grid is out` },
    { name: 'restore_reserve', label: $localize`The grid charges the battery up to its reserve` },
  ];

  protected purpose(name: Purpose): string {
    return { loads: $localize`the home`, battery: $localize`the battery`, export: $localize`the grid` }[name];
  }

  protected earlierLabel(name: Purpose): string {
    return $localize`${this.purpose(name)}:NAME: earlier`;
  }

  protected raise(place: number): void {
    const order = [...(this.form.values()?.priority ?? [])] as [Purpose, Purpose, Purpose];
    const [moved] = order.splice(place, 1);
    if (moved) order.splice(place - 1, 0, moved);
    this.form.write('priority', order);
  }

  protected text(value: number | null | undefined): string {
    return value === null || value === undefined ? '' : String(value);
  }
}
