// node store.mjs OUT TYPESCRIPT PYTHON DOCUMENT...: what nginx serves. The index names each file with its version and SHA-256; a file
// has its hash in its name and never changes.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'

const [, , out, typescript, python, ...documents] = process.argv

function keep(folder, path, stem) {
  const raw = readFileSync(path)
  const sha256 = createHash('sha256').update(raw).digest('hex')
  const name = `${folder}/${stem}-${sha256.slice(0, 12)}${extname(path)}`
  mkdirSync(dirname(join(out, name)), { recursive: true })
  writeFileSync(join(out, name), raw)
  return { path: name, sha256 }
}

const specs = documents.toSorted().map(path => {
  const [name, { version }] = [basename(path, '.json'), JSON.parse(readFileSync(path)).info]
  return { name, version, ...keep('specs', path, `${name}-${version}`) }
})
const { version } = specs.find(spec => spec.name === 'joulebus')
const index = {
  specs,
  typescript: { version, ...keep('typescript', typescript, `joulebus-${version}`) },
  python: { version, ...keep('python', python, `joulebus_specification-${version}`) },
  pages: 'docs/index.html',
}
writeFileSync(join(out, 'index.json'), JSON.stringify(index, null, 1) + '\n')
