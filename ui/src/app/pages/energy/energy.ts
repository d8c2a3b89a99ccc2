import { ChangeDetectionStrategy, Component, computed, effect, inject, input, resource } from '@angular/core';
import { Router } from '@angular/router';
import { Connection } from '../../bus/connection';
import { HomeStore } from '../../bus/home-store';
import { Icon } from '../../shared/icon';
import { lookOf } from '../../shared/kinds';
import { energy, money, percent, power } from '../../shared/units';
import { midnight } from '../live/today';
import { sankey, THICK } from './sankey';

type Span = 'now' | 'today' | 'all';
const COLUMNS = [120, 520, 840] as const;

/** Where energy came from and went to: at this moment, this simulated day, or since the home began. */
@Component({
  selector: 'jb-energy',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './energy.html',
  styleUrl: './energy.css',
})
export class Energy {
  private readonly connection = inject(Connection);
  private readonly router = inject(Router);
  protected readonly store = inject(HomeStore);
  /** Of the address: now, today or all. */
  readonly span = input<Span | undefined>();
  protected readonly shown = computed<Span>(() => this.span() ?? 'now');
  protected readonly spans: readonly { name: Span; text: string }[] = [
    { name: 'now', text: 'Now' },
    { name: 'today', text: 'This day' },
    { name: 'all', text: 'Since it began' },
  ];
  protected readonly thick = THICK;

  /** Simulated minutes: the day is asked for again when one has passed. */
  private readonly minute = computed(() => Math.floor(Date.parse(this.store.summary()?.time ?? '') / 600_000));
  private readonly today = resource({
    params: () => (this.shown() === 'today' ? { minute: this.minute() } : undefined),
    loader: async () => {
      const now = Math.ceil(Date.parse(this.store.summary()?.time ?? '') / 1000);
      const ask = { from_unix_seconds: midnight(now, this.store.timezone()), to_unix_seconds: now, resolution: '15m' as const };
      const [flows, devices] = await Promise.all([
        this.connection.call('joulebus.{home}.historian.energy', { ...ask, by: 'flow' }),
        this.connection.call('joulebus.{home}.historian.energy', { ...ask, by: 'device' }),
      ]);
      return { flows: totals(flows.series), devices: totals(devices.series) };
    },
  });
  private lastToday: { flows: Record<string, number>; devices: Record<string, number> } = { flows: {}, devices: {} };
  private readonly day = computed(() => {
    if (this.today.hasValue()) this.lastToday = this.today.value();
    return this.lastToday;
  });

  protected readonly text = computed(() => (this.shown() === 'now' ? power : energy));
  private readonly flows = computed<Readonly<Record<string, number>>>(() => {
    if (this.shown() === 'now') return this.store.summary()?.flow_watts ?? {};
    return this.shown() === 'today' ? this.day().flows : (this.store.snapshot()?.flows ?? {});
  });
  protected readonly rows = computed(() =>
    this.store
      .devices()
      .map((device) => ({ name: device.name, kind: device.kind, look: lookOf(device.kind), ...this.amounts(device.name) }))
      .filter((row) => row.taken || row.given || row.unserved || row.curtailed)
      .sort((a, b) => Math.max(b.taken, b.given) - Math.max(a.taken, a.given) || (a.name < b.name ? -1 : 1)),
  );
  protected readonly diagram = computed(() => {
    const loads = this.rows().filter((row) => row.look.role === 'load');
    return sankey(this.flows(), Object.fromEntries(loads.map((row) => [row.name, row.taken])), COLUMNS);
  });
  protected readonly figures = computed(() => {
    const flows = this.flows();
    const used = Object.entries(flows).reduce((sum, [flow, amount]) => (flow.endsWith('>loads') ? sum + amount : sum), 0);
    const solar = Object.entries(flows).reduce((sum, [flow, amount]) => (flow.startsWith('sun>') ? sum + amount : sum), 0);
    const kept = solar - (flows['sun>export'] ?? 0);
    return [
      {
        name: 'Self-supplied',
        value: used ? percent((1e6 * (used - (flows['grid>loads'] ?? 0))) / used) : '–',
        under: 'of what the home used',
      },
      { name: 'Used at home', value: solar ? percent((1e6 * kept) / solar) : '–', under: 'of what the sun gave' },
      {
        name: 'Cost',
        value: money(this.store.summary()?.cost_micro_euro ?? 0, this.store.currency()),
        under: 'import less export, since it began',
      },
    ];
  });

  constructor() {
    effect(() => {
      if (this.span() && !this.spans.some((one) => one.name === this.span())) this.choose('now');
    });
  }

  protected choose(span: Span): void {
    void this.router.navigate([], { queryParams: { span } });
  }

  private amounts(name: string): { taken: number; given: number; unserved: number; curtailed: number } {
    if (this.shown() === 'now') {
      const watts = this.store.byName().get(name)?.watts ?? 0;
      return { taken: Math.max(0, watts), given: Math.max(0, -watts), unserved: 0, curtailed: 0 };
    }
    if (this.shown() === 'today') {
      const of = (what: string) => this.day().devices[`${name}.${what}`] ?? 0;
      return { taken: of('in'), given: of('out'), unserved: of('unserved'), curtailed: of('curtailed') };
    }
    const moved = this.store.snapshot()?.energy[name];
    return {
      taken: moved?.joules_in ?? 0,
      given: moved?.joules_out ?? 0,
      unserved: moved?.unserved_joules ?? 0,
      curtailed: moved?.curtailed_joules ?? 0,
    };
  }
}

function totals(series: Readonly<Record<string, readonly number[]>>): Record<string, number> {
  return Object.fromEntries(Object.entries(series).map(([name, values]) => [name, values.reduce((sum, value) => sum + value, 0)]));
}
