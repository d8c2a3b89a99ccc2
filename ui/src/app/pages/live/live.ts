import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { HomeStore } from '../../bus/home-store';
import { sumOf } from '../../shared/flows';
import { inWords } from '../../shared/sentences';
import { clockTime, energy, money, percent, power } from '../../shared/units';
import { DeviceList } from './device-list';
import { FlowDiagram } from './flow-diagram';
import { Sky } from './sky';
import { Today } from './today';

interface Tile {
  readonly key: string;
  readonly name: string;
  readonly value: string;
  readonly under: string;
  readonly look: string;
}

/** What happens now, and why. */
@Component({
  selector: 'jb-live',
  imports: [DeviceList, FlowDiagram, Sky, Today],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './live.html',
  styleUrl: './live.css',
})
export class Live {
  protected readonly store = inject(HomeStore);
  protected readonly flows = computed(() => this.store.summary()?.flow_watts ?? {});
  protected readonly sentence = computed(() => inWords(this.store.summary()?.decision ?? ''));
  /** Why, one after the other. */
  protected readonly reasons = computed(() => {
    const found = (this.store.summary()?.reasons ?? []).map(inWords);
    return found.length ? $localize`Because ${found.join('; ')}:REASONS:.` : '';
  });
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
      text: inWords(line.text),
    }));
  });
  protected readonly tiles = computed<Tile[]>(() => {
    const now = this.flows();
    const all = this.store.snapshot()?.flows ?? {};
    const used = sumOf(all, (_, sink) => sink === 'loads');
    const own = used - (all['grid>loads'] ?? 0);
    const summary = this.store.summary();
    return [
      {
        key: 'Solar',
        name: $localize`Solar`,
        look: 'solar',
        value: power(sumOf(now, (source) => source === 'sun')),
        under: soFar(sumOf(all, (source) => source === 'sun')),
      },
      {
        key: 'Home',
        name: $localize`Home`,
        look: 'load',
        value: power(sumOf(now, (_, sink) => sink === 'loads')),
        under: soFar(used),
      },
      this.batteryTile(now),
      this.gridTile(now, all),
      {
        key: 'Cost',
        name: $localize`Cost`,
        look: 'load',
        value: money(summary?.cost_micro_euro ?? 0, this.store.currency()),
        under: $localize`import less export, so far`,
      },
      {
        key: 'Self-supplied',
        name: $localize`Self-supplied`,
        look: 'load',
        value: used ? percent((1_000_000 * own) / used) : '–',
        under: $localize`${energy(own)}:PART: of ${energy(used)}:WHOLE:`,
      },
    ];
  });

  private batteryTile(now: Readonly<Record<string, number>>): Tile {
    const charge = this.charge();
    const tile = { key: 'Battery', name: $localize`Battery`, look: 'battery' };
    if (charge === null) return { ...tile, value: '–', under: $localize`none in this home` };
    const into = sumOf(now, (_, sink) => sink === 'battery');
    const out = sumOf(now, (source) => source === 'battery');
    const under =
      into && out
        ? $localize`in ${power(into)}:INTO:, out ${power(out)}:OUT:`
        : into
          ? $localize`charging, ${power(into)}:POWER:`
          : out
            ? $localize`discharging, ${power(out)}:POWER:`
            : $localize`resting`;
    return { ...tile, value: percent(charge), under };
  }

  private gridTile(now: Readonly<Record<string, number>>, all: Readonly<Record<string, number>>): Tile {
    const taken = sumOf(now, (source) => source === 'grid');
    const given = sumOf(now, (_, sink) => sink === 'export');
    const bought = energy(sumOf(all, (source) => source === 'grid'));
    const under = $localize`bought ${bought}:BOUGHT:, sold ${energy(sumOf(all, (_, sink) => sink === 'export'))}:SOLD:`;
    if (!this.hasGrid()) return { key: 'Grid', name: $localize`Grid`, look: 'grid', value: '–', under: $localize`none at this home` };
    return given
      ? { key: 'Grid', name: $localize`Grid, export`, look: 'export', value: power(given), under }
      : { key: 'Grid', name: taken ? $localize`Grid, import` : $localize`Grid`, look: 'grid', value: power(taken), under };
  }
}

function soFar(joules: number): string {
  return $localize`${energy(joules)}:ENERGY: so far`;
}
