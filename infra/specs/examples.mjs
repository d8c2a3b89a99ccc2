// node examples.mjs OUT DOCUMENT...: checks every example of the documents against its schema (ajv), and writes them all as TypeScript
// that compiles only when they fit their types.
import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { Ajv } from 'ajv'

const [, , out, ...paths] = process.argv
const wrong = []
const typed = new Map()
let count = 0

for (const path of paths) {
  const { components } = JSON.parse(readFileSync(path, 'utf8'))
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true }).addSchema({ $id: 'words', components })
  for (const [name, { examples, payload }] of Object.entries(components.messages)) {
    const isRight = ajv.getSchema(`words#/components/messages/${name}/payload`)
    if (!examples?.length) wrong.push(`${basename(path)}: ${name} has no example`)
    for (const example of examples ?? []) {
      count += 1
      if (!isRight(example.payload)) wrong.push(`${basename(path)}: ${name}: ${ajv.errorsText(isRight.errors)}`)
      typed.set(`${payload.$ref.split('/').pop()} ${JSON.stringify(example.payload)}`, undefined)
    }
  }
}
if (wrong.length) throw Error(wrong.join('\n'))

const lines = [...typed.keys()].sort().map((one, index) => {
  const [name, ...payload] = one.split(' ')
  return `export const example${index}: words.${name} = ${payload.join(' ')}`
})
writeFileSync(out, ["import type * as words from './joulebus'", ...lines].join('\n') + '\n')
console.log(`${count} examples of ${paths.length} documents fit their schemas, ${lines.length} of them are typed`)
