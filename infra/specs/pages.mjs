// node pages.mjs OUT DOCUMENT...: a page of HTML for each document, an index of them all, and what they need; nothing comes from elsewhere.
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from '@asyncapi/parser'
import { readAgain } from './documents.mjs'
import { hints } from './hints.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const react = dirname(createRequire(import.meta.url).resolve('@asyncapi/react-component/package.json'))
const [, , out, ...paths] = process.argv

const ASSETS = {
  'asyncapi.js': join(react, 'browser/standalone/without-parser.js'), // What it shows was parsed here, and is what the other tools have seen.
  'asyncapi.css': join(react, 'styles/default.min.css'),
  'page.js': join(here, 'pages/page.js'),
  'page.css': join(here, 'pages/page.css'),
}

// Named with its hash, an asset can be kept for ever.
const assets = Object.fromEntries(Object.entries(ASSETS).map(([name, path]) => {
  const hash = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12)
  return [name, `${basename(name, extname(name))}-${hash}${extname(name)}`]
}))

const escaped = text => String(text).replace(/[&<>"]/g, one => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[one])
const SYSTEM = 'joulebus'
const summary = ({ name, raw }) => (name === SYSTEM ? 'All parts and kinds in one document.' : raw.info.description.split('\n\n')[0])
const VERBS = { 'send topic': 'says', 'receive topic': 'hears', 'receive procedure': 'answers', 'send procedure': 'asks' }
const OTHER = { says: 'hears', hears: 'says', answers: 'asks', asks: 'answers' }

// What a part does with each place on the bus.
function acts({ raw }) {
  return Object.values(raw.operations).map(({ action, channel, summary }) => {
    const { address, 'x-wamp': { kind } } = raw.channels[channel.$ref.split('/').pop()]
    return { verb: VERBS[`${action} ${kind}`], address, summary }
  })
}

function page(title, body, groups, current) {
  const link = one => `<a href="${one.name}.html"${one.name === current ? ' aria-current="page"' : ''}>${escaped(one.name)}</a>`
  const nav = Object.entries(groups).map(([name, pages]) => `<div><span>${name}</span> ${pages.map(link).join('\n')}</div>`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${assets['asyncapi.css']}">
<link rel="stylesheet" href="${assets['page.css']}">
</head>
<body>
<header><a class="home" href="index.html"${current === 'index' ? ' aria-current="page"' : ''}>joulebus</a><nav>${nav.join('\n')}</nav></header>
<main>
${body}
</main>
</body>
</html>
`
}

// A kind hears another one on a topic in which that kind stands for the device: joulebus.{home}.{sun}.forecast.
function speaksWith(other, verb, address) {
  if (!parts.has(other.name)) return verb === 'says' && address.includes(`.{${other.name}}.`)
  return acts(other).some(act => act.verb === verb && act.address === address)
}

function glance(one) {
  const rows = acts(one).map(({ verb, address, summary }) => {
    const others = pages.filter(other => other.name !== SYSTEM && speaksWith(other, OTHER[verb], address))
    const links = others.map(other => `<a href="${other.name}.html">${escaped(other.name)}</a>`).join(', ')
    return `<tr><td>${verb}</td><td><code>${escaped(address)}</code></td><td>${escaped(summary)}</td><td>${links || (verb === 'answers' ? 'anybody' : '')}</td></tr>`
  })
  const head = '<tr><th>it</th><th>where</th><th>what</th><th>with</th></tr>'
  return `<section><h2>At a glance</h2><div class="wide"><table><thead>${head}</thead><tbody>${rows.sort().join('\n')}</tbody></table></div></section>`
}

function hint({ title, role, uri, typed }) {
  const lines = typed.map(([prompt, text]) => `<div><span class="prompt">${prompt}</span> <code>${escaped(text)}</code></div>`)
  return `<li><div class="what">${escaped(title)}${role && role !== 'viewer' ? ` <small>${role}</small>` : ''}</div><div class="terminal">${lines.join('\n')}<button data-copy="${escaped(uri)}">copy</button></div></li>`
}

function tryIt(one) {
  const found = hints(one)
  if (!found.length) return ''
  return `<section id="try"><h2>Try it</h2>
<p>While a home is up, <code>wampc ws://127.0.0.1:8080/ joulebus</code> hears and asks as a viewer. Where another role is given, <code>joulebus access link me --role admin</code>
prints an address that has it. After <code>.CALL</code> wampc wants
<em>args</em> (press Enter) and <em>kwargs</em>: the fields of the message as YAML, or Enter when there are none.</p>
<ul class="hints">${found.map(hint).join('\n')}</ul></section>`
}

function componentPage(one, groups) {
  const data = stringify(one.document).replace(/</g, '\\u003c')
  return page(`${one.name} · joulebus`, `<h1>${escaped(one.name)} <small>${escaped(one.raw.info.version)}</small></h1>
<p class="summary">${escaped(summary(one))}</p>
${glance(one)}
${tryIt(one)}
<section><h2>Messages</h2><div id="messages"></div></section>
<script type="application/json" id="specification">${data}</script>
<script src="${assets['asyncapi.js']}"></script>
<script src="${assets['page.js']}"></script>`, groups, one.name)
}

function cards(pages) {
  const count = (one, verb) => acts(one).filter(act => act.verb === verb).length
  const items = pages.map(one => `<li><a href="${one.name}.html"><strong>${escaped(one.name)}</strong> <span>${escaped(summary(one))}</span>
<small>${Object.keys(OTHER).map(verb => [verb, count(one, verb)]).filter(([, number]) => number).map(one => one.join(' ')).join(' · ')}</small></a></li>`)
  return `<ul class="cards">${items.join('\n')}</ul>`
}

function indexPage(groups) {
  return page('joulebus', `<h1>joulebus <small>the words on the bus</small></h1>
<p class="summary">Each part of a home: what it says and hears, what it answers and asks. Made from the AsyncAPI documents in <a href="../index.json">index.json</a>.</p>
<h2>Parts</h2>${cards(groups.parts)}
<h2>Kinds of devices</h2>${cards(groups.kinds)}
<h2>All of it</h2>${cards(groups.whole)}`, groups, 'index')
}

const pages = []
for (const path of paths.toSorted()) pages.push({ name: basename(path, '.json'), document: await readAgain(path), raw: JSON.parse(readFileSync(path)) })
const parts = new Set(pages.find(one => one.name === SYSTEM).raw.info.tags.map(tag => tag.name))
const groups = {
  parts: pages.filter(one => parts.has(one.name)),
  kinds: pages.filter(one => !parts.has(one.name) && one.name !== SYSTEM),
  whole: pages.filter(one => one.name === SYSTEM),
}
mkdirSync(out, { recursive: true })
for (const one of pages) writeFileSync(join(out, `${one.name}.html`), componentPage(one, groups))
writeFileSync(join(out, 'index.html'), indexPage(groups))
for (const [name, path] of Object.entries(ASSETS)) copyFileSync(path, join(out, assets[name]))
// The notices of what the bundle contains travel with it.
copyFileSync(`${ASSETS['asyncapi.js']}.LICENSE.txt`, join(out, 'LICENSES.txt'))
