// The committed documents: read and checked by the AsyncAPI parser, or refused with what is wrong.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { Parser } from '@asyncapi/parser'

const ERROR = 0

// The document as the parser sees it, after `prepare` has seen it as it is written.
export function read(path, prepare = raw => raw) {
  return parse(new Parser(), path, prepare)
}

// The same without the rules of AsyncAPI, which take most of the time: for documents that were read with them elsewhere.
export function readAgain(path) {
  return parse(new Parser({ ruleset: { core: false, recommended: false } }), path, raw => raw)
}

async function parse(parser, path, prepare) {
  const { document, diagnostics } = await parser.parse(JSON.stringify(prepare(JSON.parse(readFileSync(path, 'utf8')))))
  const wrong = diagnostics.filter(one => one.severity === ERROR).map(one => `${basename(path)}: ${one.path.join('/')}: ${one.message}`)
  if (!document || wrong.length) throw Error(wrong.join('\n'))
  // Modelina knows nothing later, and answers anything else with `type Root = any` and no error.
  if (document.version() !== '3.0.0') throw Error(`${basename(path)}: must be AsyncAPI 3.0.0, but is ${document.version()}`)
  return document
}
