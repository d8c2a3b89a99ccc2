// node tools/catalogue.mjs: what can be asked on the bus, out of the specification: one entry for each call with its help, the role that it
// needs, and the schema of its question. The bus page makes forms of it. And what may be said: the schemas of all events, without their texts,
// by which the dashboard knows a message that is not as it should be.
import { readFileSync, writeFileSync } from 'node:fs';

const { channels, components, operations } = JSON.parse(readFileSync('../schemas/asyncapi/joulebus.json', 'utf8'));
const at = (pointer) =>
  pointer
    .split('/')
    .slice(1)
    .reduce((found, name) => found[name], { channels, components, operations });
const FACTS = ['type', 'description', 'default', 'enum', 'const', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];

/** A property, as far as a field for it must know it. */
function field(schema) {
  const whole = schema.$ref ? { ...at(schema.$ref), ...schema } : schema;
  const kept = Object.fromEntries(FACTS.filter((name) => name in whole && name !== '$ref').map((name) => [name, whole[name]]));
  const kinds = (whole.anyOf ?? []).map((one) => (one.$ref ? at(one.$ref) : one)).filter((one) => one.type !== 'null');
  return kinds.length === 1 ? { ...field(kinds[0]), ...kept } : kept;
}

const calls = {};
for (const operation of Object.values(operations)) {
  const channel = at(operation.channel.$ref);
  if (operation.action !== 'receive' || channel['x-wamp']?.kind !== 'procedure') continue;
  const message = at(Object.values(channel.messages)[0].$ref);
  const ask = at(message.payload.$ref);
  calls[channel.address] ??= {
    address: channel.address,
    help: operation.summary ?? '',
    role: operation['x-joulebus-role'] ?? '',
    required: ask.required ?? [],
    fields: Object.fromEntries(Object.entries(ask.properties ?? {}).map(([name, schema]) => [name, field(schema)])),
  };
}
const sorted = Object.values(calls).sort((a, b) => (a.address < b.address ? -1 : 1));
writeFileSync('src/vendor/catalogue.json', `${JSON.stringify(sorted)}\n`);

const RULES = new Set(
  (
    '$ref anyOf oneOf const enum type minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength pattern items minItems maxItems ' +
    'properties required additionalProperties propertyNames maxProperties'
  ).split(' '),
);
const known = {};

/** Only what must hold, and what it leads to. A field that is not known is no fault: a later version may have it. */
function rules(schema) {
  if (Array.isArray(schema)) return schema.map(rules);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([name, value]) => RULES.has(name) && value !== false);
  if (schema.$ref && !(schema.$ref in known)) {
    known[schema.$ref] = {};
    known[schema.$ref] = rules(at(schema.$ref));
  }
  return Object.fromEntries(kept.map(([name, value]) => [name, ruled(name, value)]));
}

function ruled(name, value) {
  if (name === 'properties') return Object.fromEntries(Object.entries(value).map(([key, schema]) => [key, rules(schema)]));
  return ['const', 'enum', 'required'].includes(name) ? value : rules(value);
}

const topics = {};
for (const channel of Object.values(channels)) {
  if (channel['x-wamp']?.kind !== 'topic') continue;
  const words = Object.values(channel.messages).map((message) => rules(at(message.$ref).payload));
  topics[channel.address] = words.length === 1 ? words[0] : { anyOf: words };
}
writeFileSync('src/vendor/events.json', `${JSON.stringify({ topics, known })}\n`);
