// node typescript.mjs DOCUMENT OUT: an AsyncAPI document as one file of TypeScript interfaces that are true to the wire.
//
// Plain modelina renames fields (`name` to `reservedName`), makes enums of constants, numbers what has no name, and splits into
// files that Angular cannot compile. The options, the presets and the names given here keep every name of the wire, and every
// discriminated union a union that narrows.
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

const said = (model, content) => (model.originalInput?.description ? `/** ${comment(model.originalInput.description)} */\n${content}` : content)
const comment = text => text.split(/\n\s*\n/)[0].replace(/\s+/g, ' ').replaceAll('*/', '* /')

const shape = {
  self: ({ model, content }) => said(model, content),
  property({ property, content }) {
    const constant = property.property.options?.const
    if (!constant) return said(property.property, content)
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
const exported = wanted.map(name => models.get(name).trimEnd().replace(/^(?=(interface|type|enum) )/m, 'export '))
writeFileSync(out, [head, ids, ...exported].join('\n\n').replace(/[ \t]+$/gm, '') + '\n')
