// A component in JavaScript that answers a message of the specification with the same message, when it fits its schema here, too.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const [Ajv, autobahn] = [require('ajv').default, require('autobahn')]
const [, , url, name, ticketFile, specification] = process.argv
const { components } = JSON.parse(readFileSync(specification, 'utf8'))
const ajv = new Ajv({ strict: false }).addSchema({ $id: 'words', components })

const connection = new autobahn.Connection({
  url, realm: 'joulebus', authmethods: ['ticket'], authid: `house/${name}`, onchallenge: () => readFileSync(ticketFile, 'utf8'),
})
connection.onopen = async session => {
  await session.register(`joulebus.house.${name}.get`, ([{ word, message }]) => {
    const isRight = ajv.getSchema(`words#/components/messages/${word}/payload`)
    if (!isRight(message)) throw new autobahn.Error('joulebus.error.invalid', [ajv.errorsText(isRight.errors)])
    return message
  })
  console.log('ready')
}
connection.open()
