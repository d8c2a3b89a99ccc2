// A pump that knows nothing of joulebus but its specification: `npm install autobahn ajv`, a ticket, and this file.
//
//   eval "$(joulebus device ticket pump)"        # of a device of kind "foreign" in the home file
//   JOULEBUS_MODELS=http://127.0.0.1:8081/ node examples/foreign_device.mjs
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url) // Unlike import, it looks into NODE_PATH, too.
const [Ajv, autobahn] = [require('ajv').default, require('autobahn')]
const { JOULEBUS_HOME: HOME, JOULEBUS_DEVICE: NAME, JOULEBUS_MODELS: MODELS, JOULEBUS_PRINCIPAL, JOULEBUS_URL, JOULEBUS_TICKET_FILE } = process.env
const SETTINGS = { power_watts: 900, on_seconds: 300, period_seconds: 900 }
const base = `joulebus.${HOME}.`

// The specification is data: fetched, compared with its hash, never executed.
const about = (await (await fetch(`${MODELS}index.json`)).json()).specs.find(spec => spec.name === 'device')
const raw = Buffer.from(await (await fetch(MODELS + about.path)).arrayBuffer())
if (createHash('sha256').update(raw).digest('hex') !== about.sha256) throw Error('the specification must be what its index says')
if (!about.version.startsWith('0.2.')) throw Error(`this pump speaks version 0.2 of the specification, not ${about.version}`)
const ajv = new Ajv({ strict: false, validateFormats: false }).addSchema({ $id: 'joulebus', components: JSON.parse(raw).components })

function model(name, message) { // The message, or the reason why it is none.
  const isRight = ajv.getSchema(`joulebus#/components/messages/${name}/payload`)
  if (isRight(message)) return message
  throw Error(`not ${name}: ${ajv.errorsText(isRight.errors)}`)
}

let session, home, properties, settings, ready = false, heard = false, nextTick = 0, state = { joules: 0 }
const ask = (procedure, message) => session.call(`${base}inverter.${procedure}`, [message])
const say = (event, message) => session.publish(`${base}${NAME}.${event}`, [message])
const become = given => { properties = given; settings = { ...SETTINGS, ...given.settings } }
const after = (before, outcome) => ({ joules: before.joules + (outcome.joules_in ?? 0) })
const report = () => model('Reported', { tick: nextTick, state, readings: { taken_joules: state.joules } })

async function resume() { // Where does it stand? Its last window is lived again, from the record that was committed.
  home = model('Resume', await ask('resume', model('AskDevice', { name: NAME })))
  become(home.member.properties)
  nextTick = home.next_tick
  if (home.last) state = after(home.state, home.outcome)
  if (!ready) ready = Boolean(await ask('ready', model('AskDevice', { name: NAME })))
  if (home.opened) onOpened(home.opened)
}

function onOpened(opened) { // What could it take in each tick of the window?
  const { window, changes = [] } = model('Opened', opened)
  if (!ready || window.start !== nextTick) return
  changes.filter(change => change.device === NAME && change.properties).forEach(change => become(change.properties))
  const joules = Math.min(settings.power_watts, properties.take_watts_max) * home.tick_seconds
  const isOn = tick => (tick * home.tick_seconds) % settings.period_seconds < settings.on_seconds
  const values = Array.from({ length: window.ticks }, (_, index) => (isOn(nextTick + index) ? joules : 0))
  say('offered', model('Offered', { window, state, offer: { role: 'flow', want: { form: 'each', values }, shedding_priority: properties.shedding_priority } }))
}

function onSettled(settled) { // What did it get? The next window may come with the answer.
  const outcome = model('Settled', settled).outcomes[NAME]
  heard = ready = ready && outcome !== undefined
  if (heard && settled.window.start === nextTick) {
    state = after(state, outcome)
    nextTick += settled.window.ticks
  }
  if (settled.opened) onOpened(settled.opened)
}

async function lookAround() { // Each second: as long as nothing is heard, ask again.
  try {
    heard ? say('reported', report()) : await resume()
  } catch (error) { // The keeper is not there yet, or this device is switched off.
    console.log(`${NAME} waits: ${error.message ?? `${error.error} ${error.args}`}`)
  }
  heard = false
}

const ticket = readFileSync(JOULEBUS_TICKET_FILE, 'utf8')
const connection = new autobahn.Connection({
  url: JOULEBUS_URL, realm: 'joulebus', authmethods: ['ticket'], authid: JOULEBUS_PRINCIPAL, onchallenge: () => ticket,
})
let timer
connection.onopen = async opened => {
  session = opened
  const answers = {
    describe: () => model('Description', { name: NAME, kind: 'foreign', summary: 'a pump in JavaScript', hears: [], signals: [], properties: {}, procedures: [] }),
    get: () => properties,
    set: ([given], named) => ask('change', model('AskChange', { device: NAME, properties: { settings: { ...settings, ...(given ?? named) } } })),
    state: report,
  }
  await session.subscribe(`${base}inverter.opened`, ([message]) => onOpened(message))
  await session.subscribe(`${base}inverter.settled`, ([message]) => onSettled(message))
  for (const [name, answer] of Object.entries(answers)) await session.register(`${base}${NAME}.${name}`, answer)
  clearInterval(timer)
  timer = setInterval(lookAround, 1000)
  lookAround()
}
connection.onclose = reason => { // Also when it was switched off, and so put out: it may come again when it is switched on.
  clearInterval(timer)
  console.log(`${NAME} is not connected: ${reason}`)
  setTimeout(() => connection.open(), 2000)
  return true
}
connection.open()
