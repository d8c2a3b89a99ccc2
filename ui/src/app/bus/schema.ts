/** A JSON Schema, as far as our specification uses it. */
export interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly items?: Schema | readonly Schema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | true;
  readonly propertyNames?: Schema;
  readonly maxProperties?: number;
}

export type Definitions = Readonly<Record<string, Schema>>;

type Values = Readonly<Record<string, unknown>>;

/** What in a value is not as its schema says, in a sentence with the way to it; empty when all of it is. */
export function faultOf(schema: Schema, value: unknown, known: Definitions, path = ''): string {
  if (schema.$ref) return faultOf(known[schema.$ref] ?? {}, value, known, path);
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms) {
    const faults = forms.map((form) => faultOf(form, value, known, path));
    return faults.includes('') ? '' : (faults.find((fault) => !fault.startsWith(`${path} `)) ?? faults[0] ?? '');
  }
  if ('const' in schema && value !== schema.const) return must(path, JSON.stringify(schema.const), value);
  if (schema.enum && !schema.enum.includes(value)) return must(path, schema.enum.map((one) => JSON.stringify(one)).join(' / '), value);
  if (schema.type && !isOf(schema.type, value)) return must(path, schema.type, value);
  if (typeof value === 'number') return numberFault(schema, value, path);
  if (typeof value === 'string') return textFault(schema, value, path);
  if (Array.isArray(value)) return listFault(schema, value, known, path);
  return value && typeof value === 'object' ? objectFault(schema, value as Values, known, path) : '';
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}

function numberFault(schema: Schema, value: number, path: string): string {
  if (value < (schema.minimum ?? -Infinity)) return must(path, `≥ ${schema.minimum}`, value);
  if (value > (schema.maximum ?? Infinity)) return must(path, `≤ ${schema.maximum}`, value);
  if (value <= (schema.exclusiveMinimum ?? -Infinity)) return must(path, `> ${schema.exclusiveMinimum}`, value);
  return value >= (schema.exclusiveMaximum ?? Infinity) ? must(path, `< ${schema.exclusiveMaximum}`, value) : '';
}

function textFault(schema: Schema, value: string, path: string): string {
  const letters = [...value].length;
  if (letters < (schema.minLength ?? 0) || letters > (schema.maxLength ?? Infinity))
    return must(path, $localize`${schema.minLength ?? 0}:LEAST: to ${schema.maxLength ?? '∞'}:MOST: characters`, letters);
  return schema.pattern && !new RegExp(schema.pattern, 'u').test(value) ? must(path, schema.pattern, value) : '';
}

function listFault(schema: Schema, value: readonly unknown[], known: Definitions, path: string): string {
  if (value.length < (schema.minItems ?? 0) || value.length > (schema.maxItems ?? Infinity))
    return must(path, $localize`${schema.minItems ?? 0}:LEAST: to ${schema.maxItems ?? '∞'}:MOST: items`, value.length);
  const of = (index: number): Schema => (Array.isArray(schema.items) ? schema.items[index] : (schema.items as Schema | undefined)) ?? {};
  return first(value.map((one, index) => () => faultOf(of(index), one, known, `${path}[${index}]`)));
}

function objectFault(schema: Schema, value: Values, known: Definitions, path: string): string {
  const missing = schema.required?.find((name) => !(name in value));
  if (missing) return $localize`${below(path, missing)}:PATH: is missing`;
  const count = Object.keys(value).length;
  if (count > (schema.maxProperties ?? Infinity)) return must(path, $localize`at most ${schema.maxProperties}:MOST: entries`, count);
  return first(
    Object.entries(value).map(([name, one]) => () => {
      const declared = schema.properties?.[name] ?? schema.additionalProperties ?? {};
      const wrong = schema.propertyNames ? faultOf(schema.propertyNames, name, known, below(path, name)) : '';
      return wrong || (declared === true ? '' : faultOf(declared, one, known, below(path, name)));
    }),
  );
}

/** The first fault of many; nothing after it is looked at. */
function first(looks: readonly (() => string)[]): string {
  for (const look of looks) {
    const fault = look();
    if (fault) return fault;
  }
  return '';
}

function below(path: string, name: string): string {
  return path ? `${path}.${name}` : name;
}

function must(path: string, wanted: string, found: unknown): string {
  const shown = JSON.stringify(found)?.slice(0, 60) ?? $localize`nothing`;
  return $localize`${path || $localize`the message`}:PATH: must be ${wanted}:WANTED:, but is ${shown}:FOUND:`;
}
