import { computed, inject, linkedSignal, resource, Signal, signal, untracked } from '@angular/core';
import { Connection } from '../bus/connection';
import { atFields, CallError } from '../bus/errors';
import { HomeStore } from '../bus/home-store';
import { NUMBERS } from './language';
import { Notices } from './notices';

/** The properties of one device in a form: what holds, what is drafted, and the way to set it. */
export class DeviceForm<T extends object> {
  private readonly connection = inject(Connection);
  private readonly store = inject(HomeStore);
  private readonly notices = inject(Notices);

  readonly drafts = signal<Partial<T>>({});
  readonly errors = signal<Readonly<Record<string, string>>>({});
  readonly isBusy = signal(false);
  /** Grows when something was set. */
  readonly sets = signal(0);
  readonly isChanged = computed(() => Object.keys(this.drafts()).length > 0);
  readonly may = computed(
    () => ['operator', 'admin'].includes(this.connection.role()) && this.connection.state() === 'online' && this.device()?.isOn === true,
  );
  readonly device = computed(() => this.store.byName().get(this.name()));
  /** The same text as long as nothing of it changes; the device itself is another one with every tick. */
  private readonly wanted = computed(() => JSON.stringify([this.name(), this.device()?.isOn, this.device()?.properties ?? {}]));
  private readonly asked = resource({
    params: () => (this.name() ? { wanted: this.wanted(), sets: this.sets() } : undefined),
    loader: async () => {
      const { name, properties } = untracked(() => ({ name: this.name(), properties: this.device()?.properties ?? {} }));
      const held = (await this.connection.call('joulebus.{home}.{device}.get', {}, name)) as T;
      // What was promised for a tick to come holds already for whoever writes; nothing would ask again when it has come.
      return { name, values: { ...held, ...properties } };
    },
  });
  readonly trouble = computed(() => this.asked.error()?.message ?? '');
  private readonly known = linkedSignal<{ name: string; values: T } | undefined, { name: string; values: T } | null>({
    source: () => (this.asked.hasValue() ? this.asked.value() : undefined),
    computation: (now, before) => now ?? before?.value ?? null,
  });
  /** What is drafted over what holds; null before the device has answered. */
  readonly values = computed<T | null>(() => {
    const known = this.known();
    return known?.name === this.name() ? { ...known.values, ...this.drafts() } : null;
  });

  constructor(readonly name: Signal<string>) {}

  write<K extends keyof T>(property: K, value: T[K]): void {
    const held = this.known()?.values[property];
    this.drafts.update((drafts) => {
      const others = Object.fromEntries(Object.entries(drafts).filter(([name]) => name !== property)) as Partial<T>;
      return JSON.stringify(held) === JSON.stringify(value) ? others : { ...others, [property]: value };
    });
  }

  /** A number from a field; empty is no limit, and what is none is left to the device, which says what is wrong with it. */
  writeNumber<K extends keyof T>(property: K, text: string): void {
    const value = text.trim().replace(',', '.');
    this.write(property, (value === '' ? null : Number.isFinite(Number(value)) ? Number(value) : value) as T[K]);
  }

  discard(): void {
    this.drafts.set({});
    this.errors.set({});
  }

  async set(event: Event): Promise<void> {
    event.preventDefault();
    this.isBusy.set(true);
    this.errors.set({});
    try {
      const taken = await this.connection.call('joulebus.{home}.{device}.set', this.drafts() as never, this.name());
      this.notices.say($localize`${this.name()}:NAME: is changed from tick ${taken.from_tick.toLocaleString(NUMBERS)}:TICK: on`);
      this.drafts.set({});
      this.sets.update((count) => count + 1);
    } catch (error) {
      const { fields, others } = atFields(error as CallError, Object.keys(this.drafts()));
      this.errors.set(fields);
      if (others) this.notices.warn(others);
    } finally {
      this.isBusy.set(false);
    }
  }
}
