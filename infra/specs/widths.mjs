// node widths.mjs DOCUMENT SCHEMA FIELD: how Modelina types an integer field of a schema in several languages, as one JSON object.
import { readFileSync } from 'node:fs'
import { CSharpGenerator, GoGenerator, JavaGenerator, KotlinGenerator, RustGenerator } from '@asyncapi/modelina'

const [path, name, field] = process.argv.slice(2)
const schemas = JSON.parse(readFileSync(path)).components.schemas
const schema = { $schema: 'http://json-schema.org/draft-07/schema#', $id: name, type: 'object', properties: { [field]: schemas[name].properties[field] } }
const generators = {
  java: new JavaGenerator(),
  kotlin: new KotlinGenerator(),
  csharp: new CSharpGenerator(),
  rust: new RustGenerator(),
  go: new GoGenerator(),
}
const found = {}
for (const [language, generator] of Object.entries(generators)) {
  const models = await generator.generate(schema)
  found[language] = models.map(one => one.result).join('\n')
}
console.log(JSON.stringify(found))
