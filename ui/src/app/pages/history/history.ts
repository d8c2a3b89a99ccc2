import { ChangeDetectionStrategy, Component, computed, inject, input, resource } from '@angular/core';
import { Router } from '@angular/router';
import { Connection } from '../../bus/connection';
import { HomeStore } from '../../bus/home-store';
import { layersOf } from '../../shared/flows';
import { StackChart } from '../../shared/stack-chart';
import { clockTime, power } from '../../shared/units';

const SPANS = [
  { name: '6h', text: '6 hours', seconds: 21_600 },
  { name: '1d', text: 'Day', seconds: 86_400 },
  { name: '7d', text: 'Week', seconds: 604_800 },
  { name: '30d', text: '30 days', seconds: 2_592_000 },
] as const;
const POINTS_MAX = 120;

/** The past of the home, as far as its historian keeps it; the span is in the address. */
@Component({
  selector: 'jb-history',
  imports: [StackChart],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './history.html',
  styleUrl: './history.css',
})
export class HistoryPage {
  private readonly connection = inject(Connection);
  private readonly router = inject(Router);
  protected readonly store = inject(HomeStore);
  readonly span = input<string | undefined>();
  /** Unix seconds at which the span ends; without it, as far as the history goes. */
  readonly to = input<string | undefined>();
  protected readonly spans = SPANS;
  protected readonly shown = computed(() => SPANS.find((one) => one.name === this.span()) ?? SPANS[1]);
  private readonly end = computed(() => (this.to() && Number.isSafeInteger(Number(this.to())) ? Number(this.to()) : null));

  private readonly asked = computed(() => ({ seconds: this.shown().seconds, end: this.end(), joins: this.connection.joins() }));
  protected readonly found = resource({
    params: () => this.asked(),
    loader: async ({ params }) => {
      const end = params.end ?? Math.ceil(Date.parse(this.store.summary()?.time ?? '') / 1000);
      const span = {
        from_unix_seconds: Math.max(end - params.seconds, this.store.snapshot()?.start_unix_seconds ?? 0),
        to_unix_seconds: end,
      };
      const [energy, decisions, peaks] = await Promise.all([
        this.connection.call('joulebus.{home}.historian.energy', { ...span, by: 'flow', points_max: POINTS_MAX }),
        this.connection.call('joulebus.{home}.historian.decisions', { ...span, most: 30 }),
        this.connection.call('joulebus.{home}.historian.peaks', { ...span, most: 5 }),
      ]);
      return { energy, decisions, peaks };
    },
  });
  protected readonly trouble = computed(() => this.found.error()?.message ?? '');
  protected readonly layers = computed(() => {
    const energy = this.found.hasValue() ? this.found.value().energy : null;
    return energy ? layersOf(energy.series, energy.starts.length) : [];
  });
  protected readonly decisions = computed(() => {
    const decisions = this.found.hasValue() ? this.found.value().decisions.decisions : [];
    return [...decisions].reverse().map((one) => ({ ...one, when: this.when(one.unix_seconds) }));
  });
  protected readonly peaks = computed(() => {
    const peaks = this.found.hasValue() ? this.found.value().peaks.highest : [];
    return peaks.map((one) => ({ when: this.when(one.unix_seconds), text: power(one.watts) }));
  });

  protected choose(span: string): void {
    void this.router.navigate([], { queryParams: { span, to: this.to() } });
  }

  protected step(direction: number): void {
    const now = Math.ceil(Date.parse(this.store.summary()?.time ?? '') / 1000);
    const to = (this.end() ?? now) + direction * this.shown().seconds;
    void this.router.navigate([], {
      queryParams: {
        span: this.shown().name,
        to: to >= now ? null : Math.max(to, (this.store.snapshot()?.start_unix_seconds ?? 0) + this.shown().seconds),
      },
    });
  }

  /** What the chart shows, as a table for other programs. */
  protected save(): void {
    if (!this.found.hasValue()) return;
    const { energy } = this.found.value();
    const names = Object.keys(energy.series).sort();
    const rows = energy.starts.map((start, bucket) => [
      new Date(start * 1000).toISOString(),
      ...names.map((name) => energy.series[name]?.[bucket] ?? 0),
    ]);
    const text = [['time', ...names.map((name) => `${name} J`)], ...rows].map((row) => row.join(',')).join('\n') + '\n';
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
    link.download = `${this.connection.home()}-${this.shown().name}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  private when(unix: number): string {
    const day = new Date(unix * 1000).toLocaleDateString('en-GB', {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      timeZone: this.store.timezone(),
    });
    return `${day.replace(',', '')} ${clockTime(unix, this.store.timezone())}`;
  }
}
