// node strict.mjs SCHEMA...: compiles JSON Schemas with Ajv in strict mode; prints what it refuses, one JSON object a line.
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'

for (const path of process.argv.slice(2)) {
  try {
    new Ajv({ strict: true, formats: { int64: true } }).compile(JSON.parse(readFileSync(path)))
  } catch (error) {
    console.log(JSON.stringify({ path, text: error.message }))
  }
}
