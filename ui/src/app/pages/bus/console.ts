import { ChangeDetectionStrategy, Component, computed, inject, resource, signal } from '@angular/core';
import { Connection } from '../../bus/connection';
import { CallError } from '../../bus/errors';
import { roleName } from '../../shared/settings';
import { CALLS } from '../../shared/words';

/** What can be asked, out of the specification. */
interface Call {
  readonly address: string;
  readonly help: string;
  readonly role: string;
  readonly required: readonly string[];
  readonly fields: Readonly<Record<string, FieldFacts>>;
}

interface FieldFacts {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** A place to ask anything: the specification knows what there is, and makes a form of it; the arguments stay readable as JSON. */
@Component({
  selector: 'jb-console',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './console.html',
  styleUrl: './console.css',
})
export class Console {
  private readonly connection = inject(Connection);
  private readonly catalogue = resource({
    loader: async () => (await CALLS.with(import('../../../vendor/catalogue.json'))).default as unknown as Call[],
  });
  protected readonly calls = computed(() =>
    (this.catalogue.hasValue() ? this.catalogue.value() : []).map((call) => ({
      ...call,
      help: CALLS.say(call.help),
      address: call.address.replace('{home}', this.connection.home()),
    })),
  );
  protected readonly address = signal(`joulebus.${this.connection.home()}.home.list`);
  protected readonly arguments = signal('{}');
  protected readonly answer = signal('');
  protected readonly isAsking = signal(false);

  protected readonly call = computed(() => this.calls().find((call) => fits(call.address, this.address())) ?? null);
  protected readonly role = computed(() => roleName(this.call()?.role ?? ''));
  protected readonly given = computed<Readonly<Record<string, unknown>>>(() => {
    try {
      const found: unknown = JSON.parse(this.arguments() || '{}');
      return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {};
    } catch {
      return {};
    }
  });
  protected readonly fields = computed(() => {
    const call = this.call();
    return Object.entries(call?.fields ?? {}).map(([name, facts]) => ({
      name,
      isRequired: call?.required.includes(name) ?? false,
      help: CALLS.say(facts.description ?? ''),
      choices: facts.type === 'boolean' ? ['true', 'false'] : (facts.enum ?? []),
      usual: facts.default === undefined || facts.default === null ? '' : JSON.stringify(facts.default),
      value: shown(this.given()[name]),
      facts,
    }));
  });

  protected choose(address: string): void {
    this.address.set(address);
    this.arguments.set('{}');
    this.answer.set('');
  }

  protected write(name: string, facts: FieldFacts, text: string): void {
    const { [name]: _, ...others } = this.given();
    this.arguments.set(JSON.stringify(text === '' ? others : { ...others, [name]: parsed(facts, text) }));
  }

  protected async ask(event: Event): Promise<void> {
    event.preventDefault();
    this.isAsking.set(true);
    try {
      const given: unknown = JSON.parse(this.arguments() || '{}');
      this.answer.set(JSON.stringify(await this.connection.callAddress(this.address(), given), null, 2));
    } catch (error) {
      this.answer.set(
        error instanceof CallError
          ? [error.message, ...Object.entries(error.fields).map(([field, text]) => `${field}: ${text}`)].join('\n')
          : $localize`The arguments must be JSON: ${String(error)}:CAUSE:`,
      );
    } finally {
      this.isAsking.set(false);
    }
  }
}

/** Whether an address is one of a pattern's; {device} stands for any name. */
function fits(pattern: string, address: string): boolean {
  const [names, found] = [pattern.split('.'), address.split('.')];
  return names.length === found.length && names.every((name, index) => name.startsWith('{') || name === found[index]);
}

function shown(value: unknown): string {
  return value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}

/** As the home reads it; what is nothing else stays text, so that the home says what is wrong. */
function parsed(facts: FieldFacts, text: string): unknown {
  if (facts.type === 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
