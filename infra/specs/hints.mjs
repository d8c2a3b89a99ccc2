// What a person types into wampc to try a part of a home: one hint for each procedure that it answers and each event that it says.

import { readFileSync } from 'node:fs'

const HOME = 'house'
const FILE = new URL('../../examples/homes/house.yaml', import.meta.url)
const NAMES = { device: 'oven', joulebus: 'oven' }
for (const [, name, kind] of readFileSync(FILE, 'utf8').matchAll(/^  (\w+):\s*\{?\s*kind: (\w+)/gm)) NAMES[kind] ??= name

export function hints({ name, raw }) {
  return Object.values(raw.operations).flatMap(operation => {
    const channel = raw.channels[operation.channel.$ref.split('/').pop()]
    const uri = channel.address.replace('{home}', HOME).replace('{device}', NAMES[name] ?? name)
    const kind = `${operation.action} ${channel['x-wamp'].kind}`
    if (kind === 'send topic') return [{ title: operation.summary, uri: `.SUB ${uri}`, typed: [['$>', `.SUB ${uri}`]] }]
    const role = operation['x-joulebus-role']
    if (kind !== 'receive procedure' || role === 'component') return [] // What only components ask, the router refuses people.
    const fields = example(raw, channel)
    const typed = [['$>', `.CALL ${uri}`], ...(fields === '{}' ? [] : [['args>', ''], ['kwargs>', fields]])]
    return [{ title: operation.summary, role, uri: `.CALL ${uri}`, typed }]
  })
}

function example(raw, channel) {
  const name = Object.keys(channel.messages)[0]
  return yaml(raw.components.messages[name].examples[0].payload)
}

// JSON is YAML, but without the quotes of names people can read and type it.
const yaml = value => JSON.stringify(value).replace(/"([a-z_][a-z0-9_]*)":/g, '$1: ').replace(/,(?=\S)/g, ', ')
