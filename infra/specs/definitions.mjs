// node definitions.mjs DOCUMENT OUT: the schemas of a document alone, as plain JSON Schema: what generators for other languages read best.
import { readFileSync, writeFileSync } from 'node:fs'

const [, , path, out] = process.argv
const { components, info } = JSON.parse(readFileSync(path, 'utf8'))
const definitions = JSON.parse(JSON.stringify(components.schemas).replaceAll('#/components/schemas/', '#/definitions/'))
writeFileSync(out, JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', title: `joulebus ${info.version}`, definitions }, null, 1))
