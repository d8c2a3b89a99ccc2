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
import { atFields, CallError } from '../../bus/errors';
import { Device } from '../../bus/home-store';
import { kindName } from '../../shared/kinds';
import { NUMBERS } from '../../shared/language';
import { Notices } from '../../shared/notices';
import { spoken, unitOf } from '../../shared/units';
import { inOwnWords } from '../../shared/words';
import { Hearing } from './hearing';
import { Naming } from './naming';
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
  readonly exclusiveMaximum?: number;
  /** Its name for people, and its unit. */
  readonly title?: string;
  readonly unit?: string;
  readonly anyOf?: readonly Schema[];
}

interface Field {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly kind: 'number' | 'boolean' | 'choice' | 'text' | 'json';
  readonly choices: readonly string[];
  readonly help: string;
  readonly value: string;
  /** It may be empty, which means none. */
  readonly isOptional: boolean;
}

/** The properties of a device, in a form of its kind's schema, also while it is off; the device itself judges what is sent. */
@Component({
  selector: 'jb-properties',
  imports: [Hearing, Naming],
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
  readonly heard = output<readonly string[]>();

  protected readonly mayWrite = computed(() => this.maySet() && this.device().isOn);

  protected readonly drafts = signal<Readonly<Record<string, string>>>({});
  protected readonly errors = signal<Readonly<Record<string, string>>>({});
  protected readonly isBusy = signal(false);
  protected readonly texts = { on: $localize`Switch on`, off: $localize`Switch off` };
  protected readonly kindText = computed(() =>
    [kindName(this.device().kind), inOwnWords(this.summary())].filter((text) => text).join(': '),
  );
  private readonly name = computed(() => this.device().name);

  /** The same text as long as nothing of it changes; the device itself is another one with every tick. */
  private readonly wanted = computed(() => JSON.stringify([this.name(), this.device().isOn, this.device().properties ?? {}]));
  private readonly described = resource({
    params: () => this.wanted(),
    loader: async () => {
      const { name, kind, isOn, properties } = untracked(this.device);
      const [description, values] = await Promise.all([
        this.connection.call('joulebus.{home}.home.kind', { kind }),
        isOn ? this.connection.call('joulebus.{home}.{device}.get', {}, name) : (properties ?? {}),
      ]);
      const schemas = (description.properties['properties'] ?? {}) as Record<string, Schema>;
      // What was promised for a tick to come holds already for whoever writes.
      return { name, schemas, values: { ...(values as Values), ...properties }, summary: description.summary };
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

  /** By field what it was when somebody began to write: another value now is somebody else's. */
  private readonly begun = signal<Readonly<Record<string, string>>>({});
  protected readonly meanwhile = computed<Readonly<Record<string, string>>>(() => {
    const others = this.fields().filter((field) => field.name in this.drafts() && field.value !== this.begun()[field.name]);
    return Object.fromEntries(others.map((field) => [field.name, field.value]));
  });

  protected write(field: Field, text: string): void {
    if (!(field.name in this.drafts())) this.begun.update((begun) => ({ ...begun, [field.name]: field.value }));
    this.drafts.update(({ [field.name]: _, ...others }) => (text === field.value ? others : { ...others, [field.name]: text }));
  }

  /** Only what is different is asked for. */
  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    // The button stays enabled meanwhile: one that is disabled loses the place of whoever pressed it.
    if (this.isBusy() || !this.isChanged()) return;
    const name = this.name();
    const changed = this.fields().filter((field) => field.name in this.drafts());
    const before = Object.fromEntries(changed.map((field) => [field.name, parsed(field, field.value)]));
    const after = Object.fromEntries(changed.map((field) => [field.name, parsed(field, this.drafts()[field.name] ?? '')]));
    this.isBusy.set(true);
    this.errors.set({});
    try {
      await this.undo.take({ text: $localize`set ${name}:NAME:`, again: () => this.set(name, after), back: () => this.set(name, before) });
      this.discard();
      this.stay(event.target as HTMLElement);
    } catch (error) {
      const { fields, others } = atFields(
        error as CallError,
        changed.map((field) => field.name),
      );
      this.errors.set(fields);
      if (others) this.notices.warn(others);
    } finally {
      this.isBusy.set(false);
    }
  }

  /** The button that was pressed has gone; whoever presses keys is still in the form. */
  protected stay(form: HTMLElement): void {
    window.setTimeout(() => {
      if (document.activeElement === document.body) form.querySelector<HTMLElement>('input, select')?.focus();
    });
  }

  private async set(name: string, values: Values): Promise<void> {
    const taken = await this.connection.call('joulebus.{home}.{device}.set', values, name);
    this.notices.say($localize`${name}:NAME: is changed from tick ${taken.from_tick.toLocaleString(NUMBERS)}:TICK: on`);
  }
}

function fieldOf(name: string, given: Schema, value: unknown): Field {
  const schema = plain(given);
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
  return {
    name,
    label: schema.title ? inOwnWords(schema.title) : spoken(name),
    unit: inOwnWords(schema.unit ?? unitOf(name)),
    kind,
    choices: schema.enum ?? [],
    isOptional: given.anyOf?.some((one) => one.type === 'null') ?? false,
    help: helpOf(schema, number),
    value: written(value ?? schema.default, kind),
  };
}

/** A property that may also be left empty looks like what it may be; of several forms there is only JSON. */
function plain(schema: Schema): Schema {
  const forms = (schema.anyOf ?? []).filter((one) => one.type !== 'null');
  return forms.length === 1 ? { ...forms[0], ...schema } : schema;
}

function written(value: unknown, kind: Field['kind']): string {
  if (value === null || value === undefined) return '';
  return kind === 'json' ? JSON.stringify(value) : String(value);
}

/** What it means, what it may be, and what it is when nobody says. */
function helpOf(schema: Schema, isNumber: boolean): string {
  const [least, most] = [schema.minimum ?? schema.exclusiveMinimum, schema.maximum ?? schema.exclusiveMaximum].map((limit) =>
    limit?.toLocaleString(NUMBERS),
  );
  const limits = !isNumber
    ? ''
    : least !== undefined && most !== undefined
      ? $localize`${least}:LEAST: to ${most}:MOST:.`
      : least !== undefined
        ? $localize`At least ${least}:LEAST:.`
        : most !== undefined
          ? $localize`At most ${most}:MOST:.`
          : '';
  const usual =
    schema.default === undefined || schema.default === null || schema.default === ''
      ? ''
      : $localize`Usually ${JSON.stringify(schema.default)}:VALUE:.`;
  return [schema.description ? `${inOwnWords(schema.description)}.` : '', limits, usual].filter((text) => text).join(' ');
}

/** What a field says, as the home reads it; what is no number stays text, so that the home says what is wrong. */
function parsed(field: Field, text: string): unknown {
  if (field.kind === 'boolean') return text === 'true';
  if (field.kind === 'number')
    return text.trim() === '' ? (field.isOptional ? null : text) : Number.isNaN(Number(text)) ? text : Number(text);
  if (field.kind !== 'json') return text;
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
