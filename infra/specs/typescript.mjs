// node typescript.mjs DOCUMENT OUT: an AsyncAPI document as one file of TypeScript interfaces that are true to the wire.
//
// Plain modelina renames fields (`name` to `reservedName`), makes enums of constants, numbers what has no name, and splits into
// files that Angular cannot compile. The options, the presets and the names given here keep every name of the wire, and every
// discriminated union a union that narrows. After the models come two maps, from the address of a procedure or a topic to what travels
// on it, so that one generic function types each call and each subscription.
import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { TypeScriptGenerator, typeScriptDefaultModelNameConstraints, typeScriptDefaultPropertyKeyConstraints } from '@asyncapi/modelina'
import { read } from './documents.mjs'

const [, , path, out] = process.argv
const same = name => name
const camel = name => name.split('_').map(part => part.charAt(0).toUpperCase() + part.slice(1)).join('')

// An enum inside of a model is called after its place: a number would move whenever anything changes.
const titles = new Set()
function nameEnums(schema, name) {
  if (schema === null || typeof schema !== 'object') return
  if ('enum' in schema) titles.add(schema.title ??= name)
  for (const [key, part] of Object.entries(schema.properties ?? {})) nameEnums(part, name + camel(key))
  for (const key of ['items', 'additionalProperties', 'anyOf', 'oneOf', 'allOf']) [schema[key] ?? []].flat().forEach(part => nameEnums(part, name))
}

function prepare(raw) {
  for (const [name, schema] of Object.entries(raw.components.schemas)) {
    titles.add(name)
    nameEnums(schema, name)
  }
  return raw
}

const said = (model, content, more = '') => {
  const text = comment(model.originalInput?.description ?? '') + more
  return text ? `/** ${text} */\n${content}` : content
}
const comment = text => text.split(/\n\s*\n/)[0].replace(/\s+/g, ' ').replaceAll('*/', '* /')

// What a field that may be left out stands for then.
const whenLeftOut = schema => (schema?.default === undefined || schema.default === null ? '' : ` @default ${comment(JSON.stringify(schema.default))}`)

const shape = {
  self: ({ model, content }) => said(model, content),
  property({ property, content }) {
    const constant = property.property.options?.const
    if (!constant) return said(property.property, content, property.required ? '' : whenLeftOut(property.property.originalInput))
    return `'${property.unconstrainedPropertyName}'${property.required ? '' : '?'}: ${JSON.stringify(constant.originalInput)};`
  },
}

const generator = new TypeScriptGenerator({
  modelType: 'interface',
  enumType: 'union',
  mapType: 'record',
  rawPropertyNames: true,
  useJavascriptReservedKeywords: false,
  processorOptions: { interpreter: { ignoreAdditionalProperties: true } },
  constraints: {
    propertyKey: typeScriptDefaultPropertyKeyConstraints({
      NO_RESERVED_KEYWORDS: same, NAMING_FORMATTER: same, NO_SPECIAL_CHAR: same, NO_NUMBER_START_CHAR: same,
    }),
    modelName: typeScriptDefaultModelNameConstraints({ NO_RESERVED_KEYWORDS: same }),
  },
  presets: [{ interface: shape }],
})

const document = await read(path, prepare)
const models = new Map((await generator.generate(document)).map(model => [model.modelName, model.result]))
const wanted = [...titles].filter(name => models.has(name)).sort()
const nameless = wanted.filter(name => models.get(name).includes('AnonymousSchema_'))
if (nameless.length) throw Error(`${basename(path)}: something in ${nameless.join(', ')} has no name, so that TypeScript could not keep one`)
const head = `// Made from ${basename(path)} by cd/process_specs.sh with @asyncapi/modelina. Do not edit.`
const ids = `/** Version of the specification. */\nexport const VERSION = ${JSON.stringify(document.info().version())}`

// Several kinds of device share an address: what they say is a union.
const channels = Object.entries(document.json().channels).filter(([, channel]) => channel.address)
const types = channel => Object.keys(channel?.messages ?? {}).sort().join(' | ') || 'null'
function addresses(kind, name, summary, line) {
  const lines = channels
    .filter(([, channel]) => channel['x-wamp']?.kind === kind)
    .sort(([, one], [, other]) => one.address < other.address ? -1 : 1)
    .map(([id, channel]) => `  /** ${comment(told[channel.address] ?? channel.summary)} */\n  '${channel.address}': ${line(id, channel)};`)
  return `/** ${summary} */\nexport interface ${name} {\n${lines.join('\n')}\n}`
}
const replies = document.json().channels
const told = Object.fromEntries(Object.values(document.json().operations).filter(one => one.reply).map(one => [one.channel.address, one.summary]))
const maps = [
  addresses('procedure', 'Procedures', 'What each procedure is asked with, and what it answers; {home} and {device} stand for names.',
    (id, channel) => `{ ask: ${types(channel)}; answer: ${types(replies[`${id}_reply`])} }`),
  addresses('topic', 'Topics', 'What is published on each topic; {home} and {device} stand for names.', (id, channel) => types(channel)),
]
const exported = wanted.map(name => models.get(name).trimEnd().replace(/^(?=(interface|type|enum) )/m, 'export '))
writeFileSync(out, [head, ids, ...exported, ...maps].join('\n\n').replace(/[ \t]+$/gm, '') + '\n')
