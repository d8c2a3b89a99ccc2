import { ChangeDetectionStrategy, Component, computed, effect, inject, input, resource, signal } from '@angular/core';
import { Router } from '@angular/router';
import type { History } from '@words';
import { Connection } from '../../bus/connection';
import { HomeStore } from '../../bus/home-store';
import { Icon } from '../../shared/icon';
import { kept } from '../../shared/kept';
import { lookOf } from '../../shared/kinds';
import { Line, LineChart } from '../../shared/line-chart';
import { dayAndTime, localText, unixOf } from '../../shared/moments';
import { energy, money, percent, power } from '../../shared/units';
import { midnight } from '../live/today';
import { sankey, THICK } from './sankey';
import { linesOf, Source, sourcesOf, totals } from './sources';

type Span = 'now' | 'today' | 'all' | 'chosen';
const COLUMNS = [150, 520, 840] as const;
const DAY = 86_400;
const POINTS = 180;

/** Where energy came from and went to: at this moment, this simulated day, since the home began, or in any span. */
@Component({
  selector: 'jb-energy',
  imports: [Icon, LineChart],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './energy.html',
  styleUrl: './energy.css',
})
export class Energy {
  private readonly connection = inject(Connection);
  private readonly router = inject(Router);
  protected readonly store = inject(HomeStore);
  /** Of the address: now, today, all or chosen; a chosen span from and to unix seconds. */
  readonly span = input<Span | undefined>();
  readonly from = input<string | undefined>();
  readonly to = input<string | undefined>();
  protected readonly shown = computed<Span>(() => this.span() ?? 'now');
  protected readonly spans: readonly { name: Span; text: string }[] = [
    { name: 'now', text: $localize`Now` },
    { name: 'today', text: $localize`This day` },
    { name: 'all', text: $localize`Since it began` },
    { name: 'chosen', text: $localize`From – to` },
  ];
  protected readonly thick = THICK;

  private readonly now = computed(() => Math.floor(Date.parse(this.store.summary()?.time ?? '') / 1000) || 0);
  /** Simulated time in steps of ten minutes: what is past is asked for again when one has passed. */
  private readonly step = computed(() => Math.floor(this.now() / 600) * 600);
  private readonly birth = computed(() => this.store.snapshot()?.start_unix_seconds ?? 0);
  protected readonly bounds = computed<readonly [number, number]>(() => {
    const now = Math.max(this.step(), this.birth() + 60);
    if (this.shown() === 'all') return [this.birth(), now];
    if (this.shown() === 'chosen') {
      const [from, to] = [Number(this.from()), Number(this.to())];
      if (Number.isSafeInteger(from) && Number.isSafeInteger(to) && from < to) return [Math.max(from, this.birth()), Math.min(to, now)];
    }
    return [Math.max(midnight(now, this.store.timezone()), this.birth()), now];
  });
  protected readonly texts = computed(() => this.bounds().map((unix) => localText(unix, this.store.timezone())));
  private readonly asked = resource({
    params: () => (this.shown() === 'now' ? undefined : { bounds: this.bounds(), joins: this.connection.joins() }),
    loader: async ({ params }) => {
      const ask = { from_unix_seconds: params.bounds[0], to_unix_seconds: params.bounds[1], points_max: POINTS };
      const flows = await this.connection.call('joulebus.{home}.historian.energy', { ...ask, by: 'flow' });
      const devices = await this.connection.call('joulebus.{home}.historian.energy', {
        ...ask,
        by: 'device',
        resolution: flows.resolution,
      });
      return { flows, devices };
    },
  });
  protected readonly past = kept(this.asked);
  protected readonly trouble = computed(() => (this.shown() === 'now' ? '' : (this.asked.error()?.message ?? '')));
  protected readonly lines = computed<Line[]>(() => {
    const past = this.past();
    return past && this.shown() !== 'now' ? linesOf(past.flows) : [];
  });
  protected readonly wattText = (watts: number) => (watts < 0 ? '−' : '') + power(watts);

  /** Cost of the span, and of the same span a day or a week before. */
  protected readonly before = signal<'day' | 'week'>('day');
  private readonly askedCost = resource({
    params: () => (this.shown() === 'now' || this.shown() === 'all' ? undefined : { bounds: this.bounds(), before: this.before() }),
    loader: async ({ params }) => {
      const shift = params.before === 'day' ? DAY : 7 * DAY;
      const [from, to] = params.bounds;
      const cost = (begins: number, ends: number) =>
        this.connection.call('joulebus.{home}.historian.cost', { from_unix_seconds: begins, to_unix_seconds: ends, resolution: '15m' });
      const isThere = from - shift >= this.birth();
      const [now, then] = await Promise.all([cost(from, to), isThere ? cost(from - shift, to - shift) : null]);
      return { now: sumOf(now), then: then && sumOf(then), began: dayAndTime(this.birth(), this.store.timezone()) };
    },
  });
  private readonly costs = kept(this.askedCost);
  protected readonly comparison = computed(() => {
    const costs = this.costs();
    if (!costs || this.shown() === 'now' || this.shown() === 'all') return null;
    const currency = this.store.currency();
    const more = costs.then === null ? 0 : costs.now - costs.then;
    return {
      now: money(costs.now, currency),
      then: costs.then === null ? null : money(costs.then, currency),
      more: costs.then === null ? '' : money(Math.abs(more), currency),
      isMore: more > 0,
      began: costs.began,
    };
  });

  protected readonly text = computed(() => (this.shown() === 'now' ? power : energy));
  private readonly flows = computed<Readonly<Record<string, number>>>(() => {
    if (this.shown() === 'now') return this.store.summary()?.flow_watts ?? {};
    return totals(this.past()?.flows.series ?? {});
  });
  private readonly moved = computed(() => totals(this.past()?.devices.series ?? {}));
  private readonly sources = computed(() => {
    const past = this.past();
    return past && this.shown() !== 'now' ? sourcesOf(past.flows, past.devices) : null;
  });
  protected readonly rows = computed(() =>
    this.store
      .devices()
      .map((device) => ({
        name: device.name,
        kind: device.kind,
        look: lookOf(device.kind),
        ...this.amounts(device.name),
        sources: this.sourcesNow(device.name),
      }))
      .filter((row) => row.taken || row.given || row.unserved || row.curtailed)
      .sort((a, b) => Math.max(b.taken, b.given) - Math.max(a.taken, a.given) || (a.name < b.name ? -1 : 1)),
  );
  protected readonly diagram = computed(() => {
    const loads = this.rows().filter((row) => row.look.role === 'load' && !this.store.byName().get(row.name)?.supply);
    return sankey(this.flows(), Object.fromEntries(loads.map((row) => [row.name, row.taken])), COLUMNS);
  });
  protected readonly figures = computed(() => {
    const flows = this.flows();
    const used = Object.entries(flows).reduce((sum, [flow, amount]) => (flow.endsWith('>loads') ? sum + amount : sum), 0);
    const solar = Object.entries(flows).reduce((sum, [flow, amount]) => (flow.startsWith('sun>') ? sum + amount : sum), 0);
    const fed = solar - (flows['sun>export'] ?? 0);
    return [
      {
        name: $localize`Self-supplied`,
        value: used ? percent((1e6 * (used - (flows['grid>loads'] ?? 0))) / used) : '–',
        under: $localize`of what the home used`,
      },
      { name: $localize`Used at home`, value: solar ? percent((1e6 * fed) / solar) : '–', under: $localize`of what the sun gave` },
      {
        name: $localize`Cost`,
        value: this.comparison()?.now ?? money(this.store.summary()?.cost_micro_euro ?? 0, this.store.currency()),
        under: this.comparison() ? $localize`import less export, in this span` : $localize`import less export, since it began`,
      },
    ];
  });

  constructor() {
    effect(() => {
      if (this.span() && !this.spans.some((one) => one.name === this.span())) this.choose('now');
    });
  }

  protected choose(span: Span): void {
    const [from, to] = this.bounds();
    void this.router.navigate([], { queryParams: span === 'chosen' ? { span, from, to } : { span } });
  }

  protected chooseBound(index: 0 | 1, text: string): void {
    const unix = unixOf(text, this.store.timezone());
    if (unix === null) return;
    const [from, to] = [...this.bounds()].map((one, at) => (at === index ? unix : one));
    void this.router.navigate([], { queryParams: { span: 'chosen', from, to } });
  }

  protected sourcesText(sources: readonly Source[]): string {
    return sources.map((one) => `${one.text} ${percent(one.share * 1e6)}`).join(', ');
  }

  /** Of a device that takes: what of it came from where. */
  private sourcesNow(name: string): readonly Source[] {
    const watts = this.store.byName().get(name)?.watts ?? 0;
    if (this.store.byName().get(name)?.supply) return [{ source: 'gas', look: 'heat', text: $localize`Gas`, amount: watts, share: 1 }];
    if (this.shown() !== 'now') return this.sources()?.get(name) ?? [];
    const flows = this.store.summary()?.flow_watts ?? {};
    const whole = { from_unix_seconds: 0, to_unix_seconds: 1, starts: [0], resolution: '1s', unit: 'J', record: 0 } as const;
    const flowing = { ...whole, starts: [0], series: Object.fromEntries(Object.entries(flows).map(([flow, one]) => [flow, [one]])) };
    return sourcesOf(flowing as History, { ...whole, starts: [0], series: { [`${name}.in`]: [watts] } } as History).get(name) ?? [];
  }

  private amounts(name: string): { taken: number; given: number; unserved: number; curtailed: number } {
    if (this.shown() === 'now') {
      const watts = this.store.byName().get(name)?.watts ?? 0;
      return { taken: Math.max(0, watts), given: Math.max(0, -watts), unserved: 0, curtailed: 0 };
    }
    const of = (what: string) => this.moved()[`${name}.${what}`] ?? 0;
    return { taken: of('in'), given: of('out'), unserved: of('unserved'), curtailed: of('curtailed') };
  }
}

/** Import less export, in millionths; a series that is left out is 0 throughout. */
function sumOf(history: History): number {
  const sums = totals(history.series);
  return sums['cost'] ?? 0;
}
