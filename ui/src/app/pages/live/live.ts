import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { HomeStore } from '../../bus/home-store';
import { sumOf } from '../../shared/flows';
import { clockTime, energy, money, percent, power } from '../../shared/units';
import { DeviceList } from './device-list';
import { FlowDiagram } from './flow-diagram';
import { Today } from './today';

interface Tile {
  readonly name: string;
  readonly value: string;
  readonly under: string;
  readonly look: string;
}

/** What happens now, and why. */
@Component({
  selector: 'jb-live',
  imports: [DeviceList, FlowDiagram, Today],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './live.html',
  styleUrl: './live.css',
})
export class Live {
  protected readonly store = inject(HomeStore);
  protected readonly flows = computed(() => this.store.summary()?.flow_watts ?? {});
  protected readonly sentence = computed(() => this.store.summary()?.decision ?? '');
  protected readonly hasGrid = computed(() => this.store.devices().some((device) => device.kind === 'grid'));
  protected readonly hasProducers = computed(() =>
    Object.keys(this.store.snapshot()?.flows ?? {}).some((flow) => flow.startsWith('producers>')),
  );
  /** Of several batteries the mean, by capacity. */
  protected readonly charge = computed(() => {
    const charges = Object.entries(this.store.summary()?.state_of_charge_ppm ?? {});
    if (!charges.length) return null;
    const sizes = charges.map(([name]) => Number(this.store.byName().get(name)?.properties?.['capacity_kwh'] ?? 1));
    return charges.reduce((sum, [, charge], index) => sum + charge * (sizes[index] ?? 1), 0) / sizes.reduce((sum, size) => sum + size, 0);
  });
  protected readonly before = computed(() => {
    const snapshot = this.store.snapshot();
    const lines = [...(snapshot?.lines ?? [])].reverse().slice(1, 6);
    return lines.map((line) => ({
      tick: line.tick,
      when: clockTime((snapshot?.start_unix_seconds ?? 0) + line.tick * (snapshot?.tick_seconds ?? 1), this.store.timezone()),
      text: line.text,
    }));
  });
  protected readonly tiles = computed<Tile[]>(() => {
    const now = this.flows();
    const all = this.store.snapshot()?.flows ?? {};
    const used = sumOf(all, (_, sink) => sink === 'loads');
    const own = used - (all['grid>loads'] ?? 0);
    const summary = this.store.summary();
    return [
      this.tile(
        'Solar',
        'solar',
        sumOf(now, (source) => source === 'sun'),
        `${energy(sumOf(all, (source) => source === 'sun'))} so far`,
      ),
      this.tile(
        'Home',
        'load',
        sumOf(now, (_, sink) => sink === 'loads'),
        `${energy(used)} so far`,
      ),
      this.batteryTile(now),
      this.gridTile(now, all),
      {
        name: 'Cost',
        look: 'load',
        value: money(summary?.cost_micro_euro ?? 0, this.store.currency()),
        under: 'import less export, so far',
      },
      {
        name: 'Self-supplied',
        look: 'load',
        value: used ? percent((1_000_000 * own) / used) : '–',
        under: `${energy(own)} of ${energy(used)}`,
      },
    ];
  });

  private tile(name: string, look: string, watts: number, under: string): Tile {
    return { name, look, value: power(watts), under };
  }

  private batteryTile(now: Readonly<Record<string, number>>): Tile {
    const charge = this.charge();
    if (charge === null) return { name: 'Battery', look: 'battery', value: '–', under: 'none in this home' };
    const into = sumOf(now, (_, sink) => sink === 'battery');
    const out = sumOf(now, (source) => source === 'battery');
    const under =
      into && out
        ? `in ${power(into)}, out ${power(out)}`
        : into
          ? `charging, ${power(into)}`
          : out
            ? `discharging, ${power(out)}`
            : 'resting';
    return { name: 'Battery', look: 'battery', value: percent(charge), under };
  }

  private gridTile(now: Readonly<Record<string, number>>, all: Readonly<Record<string, number>>): Tile {
    const taken = sumOf(now, (source) => source === 'grid');
    const given = sumOf(now, (_, sink) => sink === 'export');
    const sums = `bought ${energy(sumOf(all, (source) => source === 'grid'))}, sold ${energy(sumOf(all, (_, sink) => sink === 'export'))}`;
    if (!this.hasGrid()) return { name: 'Grid', look: 'grid', value: '–', under: 'none at this home' };
    return given
      ? { name: 'Grid, export', look: 'export', value: power(given), under: sums }
      : { name: taken ? 'Grid, import' : 'Grid', look: 'grid', value: power(taken), under: sums };
  }
}
