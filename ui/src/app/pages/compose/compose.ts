import { ChangeDetectionStrategy, Component, computed, DestroyRef, effect, inject, resource, signal, viewChild } from '@angular/core';
import { mdiFitToScreenOutline, mdiRedo, mdiSitemapOutline, mdiUndo } from '@mdi/js';
import type { AskAdd, PartStatus } from '@words';
import { Connection } from '../../bus/connection';
import { Device, HomeStore } from '../../bus/home-store';
import { Icon } from '../../shared/icon';
import { lookOf } from '../../shared/kinds';
import { Notices } from '../../shared/notices';
import { Canvas, PaletteItem } from './canvas';
import { arranged, Places, Point } from './layout';
import { Properties } from './properties';
import { Undo } from './undo';

const LOOK_SECONDS = 2;
const GROUPS = ['solar', 'battery', 'load', 'grid', 'inverter', 'sky'];

/** Compose the home: put devices on the canvas, switch, set and remove them while it lives. */
@Component({
  selector: 'jb-compose',
  imports: [Canvas, Icon, Properties],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './compose.html',
  styleUrl: './compose.css',
  host: { '(document:keydown.control.z)': 'onUndo($event)', '(document:keydown.control.shift.z)': 'onRedo($event)' },
})
export class Compose {
  private readonly connection = inject(Connection);
  private readonly notices = inject(Notices);
  protected readonly store = inject(HomeStore);
  protected readonly undo = inject(Undo);
  protected readonly icons = { undo: mdiUndo, redo: mdiRedo, arrange: mdiSitemapOutline, fit: mdiFitToScreenOutline };

  protected readonly mayAdd = computed(() => this.connection.role() === 'admin' && this.connection.state() === 'online');
  protected readonly maySet = computed(
    () => ['operator', 'admin'].includes(this.connection.role()) && this.connection.state() === 'online',
  );
  protected readonly name = signal<string | null>(null);
  protected readonly device = computed(() => this.store.byName().get(this.name() ?? '') ?? null);
  /** Devices that were asked for and are not there yet, with where they will stand. */
  protected readonly pending = signal<readonly string[]>([]);

  private readonly kept = new Places(this.connection.home());
  private readonly own = signal<Readonly<Record<string, Point>>>(this.kept.read());
  protected readonly places = computed(() => new Map([...arranged(this.store.devices()), ...Object.entries(this.own())]));
  private readonly canvas = viewChild.required(Canvas);

  private readonly kinds = resource({
    params: () => this.connection.joins(),
    loader: async () => (await this.connection.call('joulebus.{home}.home.kinds', {})).kinds,
  });
  protected readonly palette = computed<PaletteItem[]>(() => {
    const kinds = this.kinds.hasValue() ? this.kinds.value() : {};
    const has = new Set(this.store.devices().map((device) => device.kind));
    return Object.entries(kinds)
      .filter(([kind]) => kind !== 'foreign' && !(['inverter', 'grid', 'sun', 'weather'].includes(kind) && has.has(kind)))
      .map(([kind, help]) => ({ kind, help, icon: lookOf(kind).icon, look: lookOf(kind).role }))
      .sort((a, b) => GROUPS.indexOf(a.look) - GROUPS.indexOf(b.look));
  });

  private readonly parts = signal<Readonly<Record<string, PartStatus>>>({});
  protected readonly states = computed(() => {
    const waits = new Set(this.store.summary()?.waits_for ?? []);
    return Object.fromEntries(this.store.devices().map((device) => [device.name, stateOf(device, this.parts()[device.name], waits)]));
  });

  constructor() {
    const look = async () => {
      if (!document.hidden) this.parts.set((await this.connection.call('joulebus.{home}.home.status', {})).parts);
    };
    const timer = window.setInterval(() => void look().catch(() => undefined), LOOK_SECONDS * 1000);
    inject(DestroyRef).onDestroy(() => window.clearInterval(timer));
    effect(() => this.kept.write(this.own()));
  }

  protected move(places: Readonly<Record<string, Point>>): void {
    this.own.update((own) => ({ ...own, ...places }));
  }

  protected arrange(): void {
    this.own.set({});
    window.setTimeout(() => this.canvas().fit());
  }

  protected fit(): void {
    this.canvas().fit();
  }

  protected async add(kind: string, at: Point | null): Promise<void> {
    const name = this.freeName(kind);
    if (at) this.move({ [name]: at });
    this.pending.update((names) => [...names, name]);
    await this.attempt({ text: `add ${name}`, again: () => this.askAdd({ name, kind }), back: () => this.askRemove(name) });
    this.pending.update((names) => names.filter((one) => one !== name));
    this.name.set(name);
  }

  protected async remove(names: readonly string[]): Promise<void> {
    const gone = names.map((name) => this.store.byName().get(name)).filter((device): device is Device => !!device);
    if (!gone.length || !this.mayAdd()) return;
    const back = gone.map(({ name, kind, properties = {}, hears = [] }) => ({ name, kind, properties, hears }));
    await this.attempt({
      text: `remove ${names.join(', ')}`,
      again: () => inTurn(back, ({ name }) => this.askRemove(name)),
      back: () => inTurn(back, (device) => this.askAdd(device)),
    });
  }

  protected async turn(device: Device, on: boolean): Promise<void> {
    const ask = (value: boolean) => this.connection.call('joulebus.{home}.home.switch', { name: device.name, on: value });
    await this.attempt({ text: `switch ${device.name} ${on ? 'on' : 'off'}`, again: () => ask(on), back: () => ask(!on) });
  }

  protected onUndo(event: Event): void {
    if (!isTyping(event)) void this.undo.undo().catch((error: unknown) => this.notices.warn(error));
  }

  protected onRedo(event: Event): void {
    if (!isTyping(event)) void this.undo.redo().catch((error: unknown) => this.notices.warn(error));
  }

  private async attempt(step: { text: string; again: () => Promise<unknown>; back: () => Promise<unknown> }): Promise<void> {
    try {
      await this.undo.take(step);
    } catch (error) {
      this.notices.warn(error);
    }
  }

  private askAdd(device: AskAdd): Promise<unknown> {
    return this.connection.call('joulebus.{home}.home.add', device);
  }

  private askRemove(name: string): Promise<unknown> {
    return this.connection.call('joulebus.{home}.home.remove', { name });
  }

  private freeName(kind: string): string {
    const taken = new Set([...this.store.byName().keys(), ...this.pending()]);
    for (let number = 1; ; number++) {
      const name = number === 1 ? kind : `${kind}_${number}`;
      if (!taken.has(name)) return name;
    }
  }
}

function stateOf(device: Device, part: PartStatus | undefined, waits: ReadonlySet<string>): string {
  if (!device.isOn) return '';
  if (part?.state === 'starting') return 'starting';
  if (part && (part.state === 'ended' || !part.alive)) return 'missing';
  return waits.has(device.name) ? 'slow' : '';
}

async function inTurn<T>(ones: readonly T[], act: (one: T) => Promise<unknown>): Promise<void> {
  for (const one of ones) await act(one);
}

/** While somebody writes, undo belongs to the field. */
function isTyping(event: Event): boolean {
  return event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
}
