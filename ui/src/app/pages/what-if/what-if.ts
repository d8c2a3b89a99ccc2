import { ChangeDetectionStrategy, Component, computed, DestroyRef, inject, resource, signal } from '@angular/core';
import type { WhatIfRun, WhatIfState } from '@words';
import { Connection } from '../../bus/connection';
import { HomeStore } from '../../bus/home-store';
import { NUMBERS } from '../../shared/language';
import { Notices } from '../../shared/notices';
import { told } from '../../shared/told';
import { percent } from '../../shared/units';
import { Undo } from '../compose/undo';
import { RunChart } from './run-chart';
import { asked, byDevice, Change, Draft, rowsOf } from './variants';

const VARIANTS_MAX = 7;
const DAYS = [1, 7, 30, 365] as const;
/** From so many days on, ticks of a quarter-hour are fine enough and far faster. */
const COARSE_DAYS = 30;

/** What if the home were set otherwise? Variants are lived beside the home, which goes on untouched. */
@Component({
  selector: 'jb-what-if',
  imports: [RunChart],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './what-if.html',
  styleUrl: './what-if.css',
})
export class WhatIfPage {
  private readonly connection = inject(Connection);
  private readonly notices = inject(Notices);
  private readonly undo = inject(Undo);
  protected readonly store = inject(HomeStore);
  protected readonly allDays = DAYS;
  protected readonly daysText = (count: number) => (count === 1 ? $localize`1 day` : $localize`${count}:COUNT: days`);
  protected readonly days = signal<number>(7);
  protected readonly drafts = signal<readonly Draft[]>([]);
  protected readonly most = VARIANTS_MAX;
  protected readonly may = computed(() => ['operator', 'admin'].includes(this.connection.role()) && this.connection.state() === 'online');

  protected readonly state = signal<WhatIfState | null>(null);
  protected readonly isOver = computed(() => !['queued', 'running'].includes(this.state()?.state ?? ''));
  protected readonly wrong = computed(() => told(this.state()?.error ?? ''));
  protected readonly progress = computed(() => percent(this.state()?.progress_ppm ?? 0));
  protected readonly found = signal<WhatIfRun | null>(null);
  protected readonly rows = computed(() => {
    const run = this.found();
    return run ? rowsOf(run) : [];
  });

  /** What a field may name: those that are there, and what each of them can be set to. */
  protected readonly devices = computed(() => this.store.devices().map((device) => device.name));
  private readonly wantedKinds = computed(() =>
    [...new Set(this.drafts().flatMap((draft) => draft.changes.map((one) => this.store.byName().get(one.device)?.kind ?? '')))]
      .sort()
      .join(),
  );
  private readonly kinds = resource({
    params: () => this.wantedKinds(),
    loader: async ({ params }) => {
      const asks = params.split(',').filter((kind) => kind);
      const found = await Promise.all(asks.map((kind) => this.connection.call('joulebus.{home}.home.kind', { kind })));
      return Object.fromEntries(found.map((one) => [one.kind, Object.keys((one.properties['properties'] ?? {}) as object)]));
    },
  });

  constructor() {
    const heard = this.connection.hear('joulebus.{home}.whatif.changed', (state) => {
      if (state.run === this.state()?.run) void this.take(state);
    });
    inject(DestroyRef).onDestroy(() => heard.close());
    void this.last();
  }

  protected propertiesOf(device: string): string[] {
    const kind = this.store.byName().get(device)?.kind ?? '';
    return ['on', ...((this.kinds.hasValue() ? this.kinds.value()[kind] : undefined) ?? [])];
  }

  /** A variant that people ask for, with values to begin with. */
  protected propose(what: 'battery' | 'timers' | 'tariff' | 'own'): void {
    const draft = {
      battery: () => this.biggerBattery(),
      timers: () => this.otherTimers(),
      tariff: () => this.otherTariff(),
      own: () => this.own(),
    }[what]();
    if (draft) this.drafts.update((drafts) => [...drafts, draft].slice(0, VARIANTS_MAX));
    else this.notices.say($localize`This home has nothing of that kind.`);
  }

  protected drop(index: number): void {
    this.drafts.update((drafts) => drafts.filter((_, at) => at !== index));
  }

  protected name(index: number, label: string): void {
    this.write(index, (draft) => ({ ...draft, label }));
  }

  protected addChange(index: number): void {
    this.write(index, (draft) => ({
      ...draft,
      changes: [...draft.changes, { device: this.devices()[0] ?? '', property: 'on', text: 'false' }],
    }));
  }

  protected dropChange(index: number, place: number): void {
    this.write(index, (draft) => ({ ...draft, changes: draft.changes.filter((_, at) => at !== place) }));
  }

  protected change(index: number, place: number, after: Partial<Change>): void {
    this.write(index, (draft) => ({ ...draft, changes: draft.changes.map((one, at) => (at === place ? { ...one, ...after } : one)) }));
  }

  protected async start(): Promise<void> {
    try {
      this.found.set(null);
      const coarse = this.days() >= COARSE_DAYS ? { tick_seconds: 900 } : {};
      this.state.set(
        await this.connection.call('joulebus.{home}.whatif.start', { variants: this.drafts().map(asked), days: this.days(), ...coarse }),
      );
    } catch (error) {
      this.notices.warn(error);
    }
  }

  protected async cancel(): Promise<void> {
    const run = this.state()?.run;
    if (run) await this.attempt(async () => this.state.set(await this.connection.call('joulebus.{home}.whatif.cancel', { run })));
  }

  /** The living home as a variant was: one step, which undo takes back. */
  protected async apply(number: number): Promise<void> {
    const variant = this.found()?.variants?.[number];
    if (!variant) return;
    const after = byDevice(variant.changes ?? {});
    const before = new Map(
      await Promise.all(
        [...after].map(async ([name, { on, properties }]) => {
          const device = this.store.byName().get(name);
          const now = device?.isOn
            ? ((await this.connection.call('joulebus.{home}.{device}.get', {}, name)) as Record<string, unknown>)
            : {};
          const had = Object.fromEntries(Object.keys(properties).map((property) => [property, now[property]]));
          return [name, { ...(on === undefined ? {} : { on: device?.isOn ?? true }), properties: had }] as const;
        }),
      ),
    );
    await this.attempt(async () => {
      await this.undo.take({ text: $localize`apply ${variant.label}:NAME:`, again: () => this.set(after), back: () => this.set(before) });
      this.notices.say($localize`The home is now as "${variant.label}:NAME:"; compose takes it back.`);
    });
  }

  private async set(wanted: ReadonlyMap<string, { on?: boolean; properties: Record<string, unknown> }>): Promise<void> {
    for (const [name, { on, properties }] of wanted) {
      if (Object.keys(properties).length) await this.connection.call('joulebus.{home}.{device}.set', properties, name);
      if (on !== undefined) await this.connection.call('joulebus.{home}.home.switch', { name, on });
    }
  }

  private async take(state: WhatIfState): Promise<void> {
    this.state.set(state);
    if (state.state === 'done')
      await this.attempt(async () => this.found.set(await this.connection.call('joulebus.{home}.whatif.get', { run: state.run })));
  }

  /** Who comes back finds the run that was begun before. */
  private async last(): Promise<void> {
    await this.attempt(async () => {
      const [newest] = (await this.connection.call('joulebus.{home}.whatif.list', {})).runs;
      if (newest && !this.state()) await this.take(newest);
    });
  }

  private async attempt(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.notices.warn(error);
    }
  }

  private write(index: number, change: (draft: Draft) => Draft): void {
    this.drafts.update((drafts) => drafts.map((draft, at) => (at === index ? change(draft) : draft)));
  }

  private biggerBattery(): Draft | null {
    const battery = this.store.devices().find((device) => device.kind === 'battery');
    if (!battery) return null;
    const size = 2 * Number(battery.properties?.['capacity_kwh'] ?? 10);
    const text = String(size);
    return {
      label: $localize`${size.toLocaleString(NUMBERS)}:SIZE: kWh battery`,
      changes: [{ device: battery.name, property: 'capacity_kwh', text }],
    };
  }

  private otherTimers(): Draft | null {
    const load = this.store
      .devices()
      .find((device) => Array.isArray(device.properties?.['timers']) && (device.properties['timers'] as unknown[]).length);
    if (!load) return null;
    const text = JSON.stringify(['12:00-13:00']);
    return { label: $localize`${load.name}:NAME: at noon`, changes: [{ device: load.name, property: 'timers', text }] };
  }

  private otherTariff(): Draft | null {
    const grid = this.store.devices().find((device) => device.kind === 'grid');
    if (!grid) return null;
    const text = String(Number(grid.properties?.['import_euro_per_kwh'] ?? 0.3) + 0.1);
    return {
      label: $localize`dearer grid`,
      changes: [{ device: grid.name, property: 'import_euro_per_kwh', text: Number(text).toFixed(3) }],
    };
  }

  private own(): Draft {
    return {
      label: $localize`variant ${this.drafts().length + 1}:NUMBER:`,
      changes: [{ device: this.devices()[0] ?? '', property: 'on', text: 'false' }],
    };
  }
}
