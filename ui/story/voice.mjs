// Somebody on the bus who is no browser: asks a home what it is, and says things that a page must bear.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
// Autobahn has it: parts of a home speak no JSON among themselves.
import msgpack from 'msgpack5';

const [HELLO, WELCOME, CHALLENGE, AUTHENTICATE, ERROR, PUBLISH, CALL, RESULT] = [1, 2, 4, 5, 8, 16, 48, 50];
const { encode, decode } = msgpack();
const ROLES = { caller: {}, publisher: {} };

/** With the ticket of a principal of the home whose books are in a folder: `~owner` may do everything, a device says what it may say. */
export async function voice(books, whose) {
  const { router, home } = running(books);
  const ticket = readFileSync(join(books, 'tickets', whose), 'utf8');
  const door = await doorOf(router);
  const socket = new WebSocket(door.url, 'wamp.2.msgpack');
  socket.binaryType = 'arraybuffer';
  const waiting = new Map();
  let number = 0;
  const tell = (...words) => socket.send(encode(words).slice());
  await new Promise((done, refuse) => {
    socket.onopen = () => tell(HELLO, 'joulebus', { roles: ROLES, authid: `${home}/${whose}`, authmethods: ['ticket'] });
    socket.onclose = socket.onerror = () => refuse(Error(`${whose} was not let in at ${router}`));
    socket.onmessage = ({ data }) => {
      const [kind, ...words] = decode(Buffer.from(data));
      if (kind === CHALLENGE) tell(AUTHENTICATE, ticket, {});
      if (kind === WELCOME) done();
      if (kind === RESULT) waiting.get(words[0])?.done(words[2]?.[0]);
      if (kind === ERROR) waiting.get(words[1])?.refuse(Error(`${words[3]}: ${words[4]?.[0]}`));
    };
  });
  socket.onclose = () => waiting.forEach(({ refuse }) => refuse(Error('the router hung up')));
  return {
    call: (name, ask = {}) =>
      new Promise((done, refuse) => {
        waiting.set(++number, { done, refuse });
        tell(CALL, number, {}, `joulebus.${home}.${name}`, [ask]);
      }),
    publish: (name, word) => tell(PUBLISH, ++number, {}, `joulebus.${home}.${name}`, [word]),
    close: () => {
      socket.close();
      door.close();
    },
  };
}

function running(books) {
  const { router } = JSON.parse(readFileSync(join(books, 'running.json'), 'utf8'));
  return { router, home: books.split('/').at(-1) };
}

/** Node's WebSocket knows no sockets that are files: a port leads there. */
async function doorOf(router) {
  if (!router.startsWith('unix:')) return { url: router, close: () => undefined };
  const server = createServer((near) => {
    const far = connect(router.slice('unix:'.length));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ])
      one.pipe(other).on('error', () => one.destroy());
    far.on('error', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `ws://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}
