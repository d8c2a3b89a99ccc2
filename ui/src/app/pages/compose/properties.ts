import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  output,
  resource,
  signal,
  untracked,
} from '@angular/core';
import { Connection } from '../../bus/connection';
import { CallError } from '../../bus/errors';
import { Device } from '../../bus/home-store';
import { Notices } from '../../shared/notices';
import { spoken, unitOf } from '../../shared/units';
import { Undo } from './undo';

type Values = Readonly<Record<string, unknown>>;

interface Described {
  readonly name: string;
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly values: Values;
  readonly summary: string;
}

interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

interface Field {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly kind: 'number' | 'boolean' | 'choice' | 'text' | 'json';
  readonly choices: readonly string[];
  readonly help: string;
  readonly value: string;
}

/** The properties of a device, in a form that its kind's schema describes; the device itself judges what is sent. */
@Component({
  selector: 'jb-properties',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './properties.html',
  styleUrl: './properties.css',
})
export class Properties {
  private readonly connection = inject(Connection);
  private readonly undo = inject(Undo);
  private readonly notices = inject(Notices);
  readonly device = input.required<Device>();
  readonly maySet = input(false);
  readonly mayRemove = input(false);
  readonly switched = output<boolean>();
  readonly removed = output<string>();

  protected readonly drafts = signal<Readonly<Record<string, string>>>({});
  protected readonly errors = signal<Readonly<Record<string, string>>>({});
  protected readonly isBusy = signal(false);
  private readonly name = computed(() => this.device().name);

  /** The same text as long as nothing of it changes; the device itself is another one with every tick. */
  private readonly wanted = computed(() => JSON.stringify([this.name(), this.device().isOn, this.device().properties ?? {}]));
  private readonly described = resource({
    params: () => this.wanted(),
    loader: async () => {
      const { name, isOn } = untracked(this.device);
      if (!isOn) return null;
      const [description, values] = await Promise.all([
        this.connection.call('joulebus.{home}.{device}.describe', {}, name),
        this.connection.call('joulebus.{home}.{device}.get', {}, name),
      ]);
      const schemas = (description.properties['properties'] ?? {}) as Record<string, Schema>;
      return { name, schemas, values: values as Values, summary: description.summary };
    },
  });
  /** What was said last, also while it is asked for again. */
  private readonly known = linkedSignal<Described | null, Described | null>({
    source: () => (this.described.hasValue() ? this.described.value() : null),
    computation: (now, before) => now ?? (before?.value?.name === this.name() ? before.value : null),
  });
  protected readonly trouble = computed(() => this.described.error()?.message ?? '');
  protected readonly summary = computed(() => this.known()?.summary ?? '');
  protected readonly fields = computed<Field[]>(() => {
    const found = this.known();
    return found ? Object.entries(found.schemas).map(([name, schema]) => fieldOf(name, schema, found.values[name])) : [];
  });
  protected readonly isChanged = computed(() => Object.keys(this.drafts()).length > 0);

  constructor() {
    effect(() => {
      this.name();
      this.discard();
    });
  }

  protected discard(): void {
    this.drafts.set({});
    this.errors.set({});
  }

  protected write(field: Field, text: string): void {
    this.drafts.update(({ [field.name]: _, ...others }) => (text === field.value ? others : { ...others, [field.name]: text }));
  }

  /** Only what is different is asked for. */
  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    const name = this.name();
    const changed = this.fields().filter((field) => field.name in this.drafts());
    const before = Object.fromEntries(changed.map((field) => [field.name, parsed(field, field.value)]));
    const after = Object.fromEntries(changed.map((field) => [field.name, parsed(field, this.drafts()[field.name] ?? '')]));
    this.isBusy.set(true);
    this.errors.set({});
    try {
      await this.undo.take({ text: `set ${name}`, again: () => this.set(name, after), back: () => this.set(name, before) });
      this.discard();
    } catch (error) {
      const found = error as CallError;
      this.errors.set(found.fields ?? {});
      if (!Object.keys(this.errors()).length) this.notices.warn(found);
    } finally {
      this.isBusy.set(false);
    }
  }

  private async set(name: string, values: Values): Promise<void> {
    const taken = await this.connection.call('joulebus.{home}.{device}.set', values, name);
    this.notices.say(`${name} is changed from tick ${taken.from_tick.toLocaleString('en')} on`);
  }
}

function fieldOf(name: string, schema: Schema, value: unknown): Field {
  const number = schema.type === 'number' || schema.type === 'integer';
  const kind = number
    ? 'number'
    : schema.type === 'boolean'
      ? 'boolean'
      : schema.enum
        ? 'choice'
        : schema.type === 'string'
          ? 'text'
          : 'json';
  const least = schema.minimum ?? schema.exclusiveMinimum;
  const limits =
    number && least !== undefined && schema.maximum !== undefined
      ? ` ${least.toLocaleString('en')} to ${schema.maximum.toLocaleString('en')}.`
      : '';
  const usual =
    schema.default === undefined || kind === 'boolean' || schema.default === '' ? '' : ` Usually ${JSON.stringify(schema.default)}.`;
  return {
    name,
    label: spoken(name),
    unit: unitOf(name),
    kind,
    choices: schema.enum ?? [],
    help: `${schema.description ?? ''}${schema.description ? '.' : ''}${limits}${usual}`,
    value: kind === 'json' ? JSON.stringify(value) : String(value ?? ''),
  };
}

/** What a field says, as the home reads it; what is no number stays text, so that the home says what is wrong. */
function parsed(field: Field, text: string): unknown {
  if (field.kind === 'boolean') return text === 'true';
  if (field.kind === 'number') return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
  if (field.kind !== 'json') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
