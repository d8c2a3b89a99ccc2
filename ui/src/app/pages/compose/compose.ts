import {
  afterRenderEffect,
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  effect,
  inject,
  input,
  resource,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import { mdiFitToScreenOutline, mdiRedo, mdiSitemapOutline, mdiUndo } from '@mdi/js';
import type { AskAdd, PartStatus } from '@words';
import { Connection } from '../../bus/connection';
import { Device, HomeStore } from '../../bus/home-store';
import { Icon } from '../../shared/icon';
import { kindName, lookOf } from '../../shared/kinds';
import { Notices } from '../../shared/notices';
import { inOwnWords } from '../../shared/words';
import { Canvas, PaletteItem } from './canvas';
import { arranged, freePlace, isSame, placed, placesOf, Point } from './layout';
import { Properties } from './properties';
import { DeviceState, stateOf } from './states';
import { Tellers } from './tellers';
import { Undo } from './undo';

const LOOK_SECONDS = 2;
const GROUPS = ['solar', 'battery', 'load', 'grid', 'inverter', 'sky'];

/** Compose the home: put devices on the canvas, switch, set and remove them while it lives. */
@Component({
  selector: 'jb-compose',
  imports: [Canvas, Icon, Properties, RouterLink],
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
  private readonly tellers = inject(Tellers);
  protected readonly icons = { undo: mdiUndo, redo: mdiRedo, arrange: mdiSitemapOutline, fit: mdiFitToScreenOutline };

  protected readonly undoText = computed(() =>
    this.undo.next() ? $localize`Undo: ${this.undo.next()}:STEP:` : $localize`Nothing to undo`,
  );
  protected readonly redoText = computed(() =>
    this.undo.nextAgain() ? $localize`Redo: ${this.undo.nextAgain()}:STEP:` : $localize`Nothing to redo`,
  );
  protected readonly mayAdd = computed(() => this.connection.role() === 'admin' && this.connection.state() === 'online');
  protected readonly maySet = computed(
    () => ['operator', 'admin'].includes(this.connection.role()) && this.connection.state() === 'online',
  );
  /** Of the address: the device that is chosen first. */
  readonly show = input<string | undefined>();
  /** Those that are chosen: one shows its properties, several can be switched and removed together. */
  protected readonly names = signal<readonly string[]>([]);
  private readonly chosen = computed(() =>
    this.names()
      .map((name) => this.store.byName().get(name))
      .filter((one): one is Device => !!one),
  );
  protected readonly device = computed(() => (this.chosen().length === 1 ? (this.chosen()[0] ?? null) : null));
  protected readonly several = computed(() => (this.chosen().length > 1 ? this.chosen() : []));
  /** Devices that were asked for and are not there yet: they are shown as starting. */
  private readonly asked = signal<readonly Pick<Device, 'name' | 'kind'>[]>([]);
  protected readonly pending = computed(() => this.asked().filter(({ name }) => !this.store.byName().has(name)));
  protected readonly devices = computed<readonly Device[]>(() => [...this.store.devices(), ...this.pending().map(starting)]);
  /** Nothing in it but what each home has. */
  protected readonly isEmpty = computed(() =>
    this.devices().every((device) => ['inverter', 'grid', 'sky'].includes(lookOf(device.kind).role)),
  );

  /** Where somebody has put devices: as the home keeps it, and what this person moves at this moment. */
  private readonly moving = signal<Readonly<Record<string, Point | null>>>({});
  private readonly kept = computed<Readonly<Record<string, Point>>>(() => placesOf(this.store.snapshot()?.layout ?? {}), {
    equal: (a, b) => JSON.stringify(a) === JSON.stringify(b),
  });
  protected readonly places = computed(() => placed(arranged(this.devices()), this.kept(), this.moving()));
  /** What the home has answered, and not told everybody yet: until then nothing jumps back. */
  private readonly answered = new Set<string>();
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
      .map(([kind, help]) => ({ kind, name: kindName(kind), help: inOwnWords(help), icon: lookOf(kind).icon, look: lookOf(kind).role }))
      .sort((a, b) => GROUPS.indexOf(a.look) - GROUPS.indexOf(b.look));
  });

  private readonly parts = signal<Readonly<Record<string, PartStatus>>>({});
  protected readonly states = computed(() => {
    const waits = new Set(this.store.summary()?.waits_for ?? []);
    const states = this.store
      .devices()
      .map((device): [string, DeviceState] => [device.name, stateOf(device, this.parts()[device.name], waits)]);
    return Object.fromEntries([...states, ...this.pending().map(({ name }) => [name, 'starting'])]);
  });

  constructor() {
    const look = async () => {
      if (!document.hidden) this.parts.set((await this.connection.call('joulebus.{home}.home.status', {})).parts);
    };
    const timer = window.setInterval(() => void look().catch(() => undefined), LOOK_SECONDS * 1000);
    inject(DestroyRef).onDestroy(() => window.clearInterval(timer));
    effect(() => {
      const name = this.show();
      if (name) untracked(() => this.names.set([name]));
    });
    effect(() => {
      const there = this.store.byName();
      if (untracked(this.asked).some(({ name }) => there.has(name)))
        this.asked.update((asked) => asked.filter(({ name }) => !there.has(name)));
    });
    effect(() => {
      this.kept();
      untracked(() => this.forgetMoves([...this.answered]));
    });
    let wasOpen = false;
    afterRenderEffect(() => {
      const isOpen = this.chosen().length > 0;
      // Whose button has gone with the properties goes on with the canvas.
      if (wasOpen && !isOpen && document.activeElement === document.body) this.canvas().focus();
      wasOpen = isOpen;
    });
  }

  /** Whoever may only look moves things for themselves. */
  protected async move(places: Readonly<Record<string, Point>>): Promise<void> {
    this.moving.update((moving) => ({ ...moving, ...places }));
    if (this.maySet()) await this.place($localize`move ${Object.keys(places).join(', ')}:NAMES:`, places);
  }

  /** Nobody's wish any more: as the page would put them. */
  protected async arrange(): Promise<void> {
    const wished = Object.fromEntries(Object.keys({ ...this.kept(), ...this.moving() }).map((name) => [name, null]));
    this.moving.set(wished);
    if (this.maySet() && Object.keys(wished).length) await this.place($localize`arrange`, wished);
    window.setTimeout(() => this.canvas().fit());
  }

  private async place(text: string, after: Readonly<Record<string, Point | null>>): Promise<void> {
    const before = Object.fromEntries(Object.keys(after).map((name) => [name, this.kept()[name] ?? null]));
    const ask = async (places: Readonly<Record<string, Point | null>>) => {
      const devices = Object.fromEntries(Object.entries(places).map(([name, at]) => [name, at ?? { x: null, y: null }]));
      this.moving.update((moving) => ({ ...moving, ...places }));
      for (const name of Object.keys(places)) this.answered.delete(name);
      try {
        await this.connection.call('joulebus.{home}.layout.set', { devices });
      } catch (error) {
        this.forgetMoves(Object.keys(places));
        throw error;
      }
      this.onPlaced(places);
    };
    await this.attempt({ text, again: () => ask(after), back: () => ask(before) });
  }

  /** The home has answered; what it will tell everybody may have come before. */
  private onPlaced(places: Readonly<Record<string, Point | null>>): void {
    for (const name of Object.keys(places)) this.answered.add(name);
    this.forgetMoves(Object.keys(places).filter((name) => isSame(this.kept()[name] ?? null, places[name] ?? null)));
  }

  private forgetMoves(names: readonly string[]): void {
    if (!names.length) return;
    for (const name of names) this.answered.delete(name);
    this.moving.update((moving) => Object.fromEntries(Object.entries(moving).filter(([name]) => !names.includes(name))));
  }

  protected fit(): void {
    this.canvas().fit();
  }

  protected async add(kind: string, at: Point | null): Promise<void> {
    const name = this.freeName(kind);
    const place = at ?? freePlace(this.places(), name, [...this.devices(), starting({ name, kind })]);
    this.moving.update((moving) => ({ ...moving, [name]: place }));
    this.names.set([name]);
    this.canvas().focus();
    await this.attempt({
      text: $localize`add ${name}:NAME:`,
      again: () => this.askAdd({ name, kind }, place),
      back: () => this.askRemove(name),
    });
  }

  /** As the home has promised them to be: what was set a moment ago may not be in the picture yet. */
  protected async remove(names: readonly string[]): Promise<void> {
    const gone = names.map((name) => this.store.byName().get(name)).filter((device): device is Device => !!device);
    if (!gone.length || !this.mayAdd()) return;
    let back: AskAdd[];
    try {
      const { devices } = await this.connection.call('joulebus.{home}.home.list', {});
      back = gone.map(({ name, kind }) => ({ name, kind, properties: devices[name]?.properties ?? {}, hears: devices[name]?.hears ?? [] }));
    } catch (error) {
      this.notices.warn(error);
      return;
    }
    await this.attempt({
      text: $localize`remove ${names.join(', ')}:NAMES:`,
      again: () => inTurn(back, ({ name }) => this.askRemove(name)),
      back: () => inTurn(back, (device) => this.askAdd(device)),
    });
  }

  /** All of them in one step; whoever is as wished already is left alone, also by undo. */
  protected async turn(devices: readonly Device[], on: boolean): Promise<void> {
    const names = devices.filter((device) => device.isOn !== on).map((device) => device.name);
    const ask = (value: boolean) => inTurn(names, (name) => this.connection.call('joulebus.{home}.home.switch', { name, on: value }));
    const told = names.join(', ');
    const text = on ? $localize`switch ${told}:NAMES: on` : $localize`switch ${told}:NAMES: off`;
    await this.attempt({ text, again: () => ask(on), back: () => ask(!on) });
  }

  /** Between two devices that somebody has connected: whoever gets an arrow from a sun hears it. */
  protected async connect(wish: { from: string; to: string }): Promise<void> {
    const heard = this.store.byName().get(wish.to)?.hears ?? [];
    const { from, to } = wish;
    try {
      if (from === to) throw new Error($localize`${from}:NAME: cannot hear itself.`);
      if (heard.includes(from)) throw new Error($localize`${to}:NAME: hears ${from}:OTHER: already.`);
      if (!(await this.tellers.askWhetherMayHear(this.kindOf(to), this.kindOf(from))))
        throw new Error($localize`${from}:NAME: says nothing that others use; energy finds its way through the inverter by itself.`);
      await this.hear(to, [...heard, from]);
    } catch (error) {
      this.notices.warn(error);
    }
  }

  private kindOf(name: string): string {
    return this.store.byName().get(name)?.kind ?? '';
  }

  protected async hear(name: string, after: readonly string[]): Promise<void> {
    const before = this.store.byName().get(name)?.hears ?? [];
    const ask = (hears: readonly string[]) => this.connection.call('joulebus.{home}.home.hear', { name, hears: [...hears] });
    await this.attempt({ text: $localize`what ${name}:NAME: hears`, again: () => ask(after), back: () => ask(before) });
  }

  protected pick(name: string, isChosen: boolean): void {
    this.names.update((names) => [...names.filter((one) => one !== name), ...(isChosen ? [name] : [])]);
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

  /** Where it will stand is told first, so that everybody sees it appear there. */
  private async askAdd(device: AskAdd, at: Point | null = null): Promise<void> {
    const { name, kind } = device;
    const others = () => this.asked().filter((one) => one.name !== name);
    this.asked.set([...others(), { name, kind }]);
    try {
      if (at) {
        await this.connection.call('joulebus.{home}.layout.set', { devices: { [name]: at } });
        this.onPlaced({ [name]: at });
      }
      await this.connection.call('joulebus.{home}.home.add', device);
    } catch (error) {
      this.asked.set(others());
      throw error;
    }
  }

  private askRemove(name: string): Promise<unknown> {
    return this.connection.call('joulebus.{home}.home.remove', { name });
  }

  private freeName(kind: string): string {
    const taken = new Set(this.devices().map((device) => device.name));
    for (let number = 1; ; number++) {
      const name = number === 1 ? kind : `${kind}_${number}`;
      if (!taken.has(name)) return name;
    }
  }
}

/** One that was asked for, as it is shown until the home has it. */
function starting({ name, kind }: Pick<Device, 'name' | 'kind'>): Device {
  return { name, kind, label: name, isOn: true, watts: 0, readings: {}, isUnserved: false, supply: null };
}

async function inTurn<T>(ones: readonly T[], act: (one: T) => Promise<unknown>): Promise<void> {
  for (const one of ones) await act(one);
}

/** While somebody writes, undo belongs to the field. */
function isTyping(event: Event): boolean {
  return event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
}
