import { ChangeDetectionStrategy, Component, computed, DestroyRef, inject, linkedSignal, resource, signal } from '@angular/core';
import type { MeterProperties, TelegramSent } from '@words';
import { Connection } from '../../bus/connection';
import { HomeStore } from '../../bus/home-store';
import { Meters } from '../../bus/meters';
import { DeviceForm } from '../../shared/device-form';
import { kept } from '../../shared/kept';
import { DATES } from '../../shared/language';
import { dayAndTime } from '../../shared/moments';
import { Layer, StackChart } from '../../shared/stack-chart';
import { power } from '../../shared/units';
import { registersOf } from './telegram';

const QUARTER_SECONDS = 900;
const SPAN_SECONDS = 86_400;
/** The historian may be a moment behind: what it was asked at the end of a quarter-hour it is asked again within the next one. */
const LOOK_SECONDS = 300;
const HIGHEST = 5;

/** The digital meter: the running quarter-hour and what it comes to, those before it, peaks as they are billed, and registers. */
@Component({
  selector: 'jb-meter',
  imports: [StackChart],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './meter.html',
  styleUrls: ['../../shared/device-page.css', './meter.css'],
})
export class MeterPage {
  private readonly connection = inject(Connection);
  private readonly heard = inject(Meters);
  protected readonly store = inject(HomeStore);
  protected readonly power = power;

  protected readonly meters = computed(() =>
    this.store
      .devices()
      .filter((one) => one.kind === 'meter')
      .map((one) => one.name),
  );
  private readonly all = computed(() => this.meters().join());
  protected readonly name = linkedSignal<string, string>({
    source: this.all,
    computation: (all, before) => (before && all.split(',').includes(before.value) ? before.value : (all.split(',')[0] ?? '')),
  });
  protected readonly form = new DeviceForm<MeterProperties>(this.name);
  protected readonly quarter = computed(() => this.heard.quarters()[this.name()] ?? null);
  private readonly grid = computed(() => this.store.devices().find((one) => one.kind === 'grid')?.name ?? '');

  // The running quarter-hour

  private readonly unix = computed(() => Math.floor(Date.parse(this.store.summary()?.time ?? '') / 1000) || 0);
  /** Minutes and seconds of simulated time until it ends. */
  protected readonly left = computed(() => {
    const seconds = QUARTER_SECONDS - (this.unix() % QUARTER_SECONDS);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  });
  /** So that demand, forecast and cap are all on it. */
  private readonly reach = computed(() => {
    const now = this.quarter();
    return now ? 1.15 * Math.max(now.cap_watts, now.forecast_watts, now.demand_watts, 1) : 1;
  });
  protected readonly tariff = computed(() => (this.quarter()?.is_day ? $localize`tariff 1, day` : $localize`tariff 2, night`));
  protected readonly flow = computed(() => {
    const now = this.quarter();
    if (!now) return '';
    if (now.export_watts > 0) return $localize`exporting ${power(now.export_watts)}:POWER: now`;
    return now.import_watts > 0 ? $localize`importing ${power(now.import_watts)}:POWER: now` : $localize`nothing passes the meter now`;
  });
  protected readonly room = computed(() => {
    const now = this.quarter();
    if (!now) return '';
    const [room, cap] = [power(now.allowed_watts), power(now.cap_watts)];
    return now.allowed_watts < 0
      ? $localize`Take ${room}:POWER: less until it ends, so that it stays below ${cap}:CAP:.`
      : $localize`Until it ends ${room}:POWER: more may be taken below ${cap}:CAP:.`;
  });

  // Those before

  private readonly looks = computed(() => Math.floor(this.unix() / LOOK_SECONDS));
  private readonly asked = resource({
    params: () =>
      this.name() && this.grid() && this.unix() ? { grid: this.grid(), looks: this.looks(), joins: this.connection.joins() } : undefined,
    loader: async ({ params }) => {
      const begun = this.store.snapshot()?.start_unix_seconds ?? 0;
      const now = params.looks * LOOK_SECONDS;
      const ends = Math.max(now - (now % QUARTER_SECONDS), begun + QUARTER_SECONDS);
      const span = { from_unix_seconds: Math.max(ends - SPAN_SECONDS, begun), to_unix_seconds: ends };
      const [history, peaks] = await Promise.all([
        this.connection.call('joulebus.{home}.historian.energy', { ...span, by: 'device', names: [params.grid], resolution: '15m' }),
        this.connection.call('joulebus.{home}.historian.peaks', { most: HIGHEST }),
      ]);
      return { grid: params.grid, history, peaks };
    },
  });
  protected readonly past = kept(this.asked);
  protected readonly trouble = computed(() => this.asked.error()?.message ?? '');
  protected readonly layers = computed<Layer[]>(() => {
    const { grid, history } = this.past() ?? {};
    const joules = (way: string) => history?.series[`${grid}.${way}`] ?? history?.starts.map(() => 0) ?? [];
    return [
      { label: $localize`import`, look: 'grid', isBelow: false, joules: joules('out') },
      { label: $localize`export`, look: 'export', isBelow: true, joules: joules('in') },
    ];
  });
  /** The last one that is over, as a whole. */
  protected readonly last = computed(() => {
    const history = this.past()?.history;
    const begins = history?.starts.findLast((start) => start % QUARTER_SECONDS === 0 && start + QUARTER_SECONDS <= history.to_unix_seconds);
    if (!history || begins === undefined) return null;
    const joules = this.layers()[0]?.joules[history.starts.indexOf(begins)] ?? 0;
    return { begins, when: this.spanOf(begins), text: power(joules / QUARTER_SECONDS) };
  });
  protected readonly months = computed(() =>
    [...(this.past()?.peaks.months ?? [])].reverse().map((one) => ({
      month: new Date(one.unix_seconds * 1000).toLocaleDateString(DATES, {
        month: 'long',
        year: 'numeric',
        timeZone: this.store.timezone(),
      }),
      when: this.spanOf(one.unix_seconds),
      text: power(one.watts),
    })),
  );
  protected readonly peaks = computed(() => {
    const now = this.quarter();
    if (!now) return [];
    const peak = now.month_peak_unix_seconds;
    return [
      { key: 'day', name: $localize`Of this day`, text: power(now.day_peak_watts), under: $localize`highest quarter-hour that is over` },
      {
        key: 'month',
        name: $localize`Of this month`,
        text: power(now.month_peak_watts),
        under: peak === null ? $localize`there is none yet` : this.spanOf(peak - QUARTER_SECONDS),
      },
      {
        key: 'mean',
        name: $localize`Mean of the months`,
        text: power(now.mean_of_months_watts),
        under: $localize`of the last twelve, each at least what is billed`,
      },
    ];
  });

  // Its registers

  private readonly telegram = signal<TelegramSent | null>(null);
  protected readonly text = computed(() => this.telegram()?.text ?? '');
  protected readonly registers = computed(() => registersOf(this.text()));

  constructor() {
    const hearing = this.connection.hear('joulebus.{home}.{device}.telegram', (telegram, topic) => {
      if (topic.split('.')[2] === this.name() && !document.hidden) this.telegram.set(telegram);
    });
    inject(DestroyRef).onDestroy(() => hearing.close());
  }

  protected choose(name: string): void {
    this.name.set(name);
    this.telegram.set(null);
  }

  protected share(watts: number): number {
    return (100 * watts) / this.reach();
  }

  /** "Sun 21 Jun 18:00–18:15" */
  private spanOf(begins: number): string {
    const [first, last] = [begins, begins + QUARTER_SECONDS].map((unix) => dayAndTime(unix, this.store.timezone()));
    return `${first}–${last?.split(' ').at(-1)}`;
  }
}
