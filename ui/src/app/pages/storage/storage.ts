import { ChangeDetectionStrategy, Component, computed, inject, linkedSignal, resource } from '@angular/core';
import type { BatteryProperties, InverterProperties } from '@words';
import { Connection } from '../../bus/connection';
import { HomeStore } from '../../bus/home-store';
import { DayBand } from '../../shared/day-band';
import { DeviceForm } from '../../shared/device-form';
import { Effects } from '../../shared/effects';
import { kept } from '../../shared/kept';
import { LineChart } from '../../shared/line-chart';
import { localText } from '../../shared/moments';
import { decimal, energy, percent, power } from '../../shared/units';
import { minutesOf } from '../../shared/windows';

const SPAN_SECONDS = 86_400;
const POINTS = 144;
const KWH = 3_600_000;

type BatteryNumber = { [K in keyof BatteryProperties]: BatteryProperties[K] extends number ? K : never }[keyof BatteryProperties];

/** A battery: how full it is and was, its reserve, when it is charged and serves, and its limits. */
@Component({
  selector: 'jb-storage',
  imports: [DayBand, Effects, LineChart],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './storage.html',
  styleUrl: '../../shared/device-page.css',
})
export class StoragePage {
  private readonly connection = inject(Connection);
  protected readonly store = inject(HomeStore);

  protected readonly batteries = computed(() =>
    this.store
      .devices()
      .filter((one) => one.kind === 'battery')
      .map((one) => one.name),
  );
  private readonly all = computed(() => this.batteries().join());
  protected readonly name = linkedSignal<string, string>({
    source: this.all,
    computation: (all, before) => (before && all.split(',').includes(before.value) ? before.value : (all.split(',')[0] ?? '')),
  });
  protected readonly inverter = computed(() => this.store.devices().find((one) => one.kind === 'inverter')?.name ?? '');
  protected readonly battery = new DeviceForm<BatteryProperties>(this.name);
  protected readonly rules = new DeviceForm<InverterProperties>(this.inverter);
  protected readonly watched = computed(() => [this.name(), this.inverter()]);
  protected readonly sets = computed(() => this.battery.sets() + this.rules.sets());
  protected readonly minute = computed(() => {
    const unix = Date.parse(this.store.summary()?.time ?? '') / 1000;
    return Number.isFinite(unix) ? minutesOf(localText(unix, this.store.timezone()).slice(11)) : null;
  });

  protected readonly level = computed(() => this.store.byName().get(this.name())?.readings['state_of_charge_ppm'] ?? null);
  protected readonly levelText = computed(() => (this.level() === null ? '–' : percent(this.level() ?? 0)));
  protected readonly held = computed(() => {
    const capacity = this.battery.values()?.capacity_kwh ?? 0;
    return energy(((this.level() ?? 0) / 1e6) * capacity * KWH);
  });
  protected readonly flow = computed(() => {
    const watts = this.store.byName().get(this.name())?.watts ?? 0;
    if (Math.abs(watts) < 1) return $localize`at rest`;
    return watts > 0 ? $localize`charging with ${power(watts)}:POWER:` : $localize`discharging with ${power(watts)}:POWER:`;
  });
  protected readonly cycles = computed(() => {
    const moved = this.store.snapshot()?.energy[this.name()];
    const capacity = (this.battery.values()?.capacity_kwh ?? 0) * KWH;
    return moved && capacity ? decimal(((moved.joules_in ?? 0) + (moved.joules_out ?? 0)) / 2 / capacity, 2) : '–';
  });

  /** Ten simulated minutes: the past is asked for again when they have passed. */
  private readonly tenMinutes = computed(() => Math.floor(Date.parse(this.store.summary()?.time ?? '') / 600_000) || 0);
  private readonly asked = resource({
    params: () => (this.name() ? { name: this.name(), at: this.tenMinutes(), joins: this.connection.joins() } : undefined),
    loader: ({ params }) => {
      const ends = Math.max(params.at * 600, (this.store.snapshot()?.start_unix_seconds ?? 0) + 60);
      const begins = Math.max(ends - SPAN_SECONDS, this.store.snapshot()?.start_unix_seconds ?? 0);
      return this.connection.call('joulebus.{home}.historian.energy', {
        from_unix_seconds: begins,
        to_unix_seconds: ends,
        by: 'device',
        names: [params.name],
        points_max: POINTS,
      });
    },
  });
  protected readonly past = kept(this.asked);
  protected readonly trouble = computed(() => this.asked.error()?.message ?? '');
  protected readonly lines = computed(() => {
    const past = this.past();
    const capacity = (this.battery.values()?.capacity_kwh ?? 0) * KWH;
    const levels = past?.levels?.[this.name()] ?? [];
    const share = (joules: number | null) => (joules === null || !capacity ? null : (100 * joules) / capacity);
    const reserve = this.rules.values()?.reserve_percent;
    return [
      { label: $localize`content`, look: 'battery', values: levels.map(share) },
      ...(reserve ? [{ label: $localize`reserve as it is now`, look: 'heat', values: levels.map(() => reserve), isDashed: true }] : []),
    ];
  });
  protected readonly percentText = (value: number) => percent(value * 10_000);

  protected readonly windows = [
    { name: 'charge_from_sun', look: 'solar', label: $localize`The sun may charge the battery` },
    { name: 'charge_from_grid', look: 'grid', label: $localize`The grid charges the battery` },
    { name: 'discharge', look: 'battery', label: $localize`The battery may serve the home` },
  ] as const;
  protected readonly limits: readonly { name: BatteryNumber; unit: string; label: string }[] = [
    { name: 'charge_watts_max', unit: 'W', label: $localize`Charged with at most` },
    { name: 'discharge_watts_max', unit: 'W', label: $localize`Discharged with at most` },
    { name: 'minimum_percent', unit: '%', label: $localize`Never discharged below` },
    { name: 'maximum_percent', unit: '%', label: $localize`Never charged above` },
    { name: 'priority', unit: '', label: $localize`Priority; of several batteries the highest is used first` },
  ];

  protected readonly reserveLabel = $localize`Kept for outages`;
  protected readonly targetLabel = $localize`The grid charges it up to`;

  protected text(value: number | null | undefined): string {
    return value === null || value === undefined ? '' : String(value);
  }
}
