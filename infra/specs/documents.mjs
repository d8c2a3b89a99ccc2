// The committed documents: read and checked by the AsyncAPI parser, or refused with what is wrong.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { Parser } from '@asyncapi/parser'

const ERROR = 0

// The document as the parser sees it, after `prepare` has seen it as it is written.
export async function read(path, prepare = raw => raw) {
  const { document, diagnostics } = await new Parser().parse(JSON.stringify(prepare(JSON.parse(readFileSync(path, 'utf8')))))
  const wrong = diagnostics.filter(one => one.severity === ERROR).map(one => `${basename(path)}: ${one.path.join('/')}: ${one.message}`)
  if (!document || wrong.length) throw Error(wrong.join('\n'))
  // Modelina knows nothing later, and answers anything else with `type Root = any` and no error.
  if (document.version() !== '3.0.0') throw Error(`${basename(path)}: must be AsyncAPI 3.0.0, but is ${document.version()}`)
  return document
}
