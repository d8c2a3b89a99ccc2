// What each check of the story needs: a list of results, waiting for something that must come, and what a page sends and hears.

export const results = [];

/** One check with its number; the story goes on whatever it finds. What is found is also told at once, for whoever watches. */
export async function check(name, act) {
  const began = performance.now();
  const error = await act().then(
    () => null,
    (found) => String(found?.stack ?? found).slice(0, 2000),
  );
  const seconds = (performance.now() - began) / 1000;
  results.push({ name, error, seconds });
  console.error(`${error ? 'WRONG' : 'right'} ${seconds.toFixed(1)} s  ${name}${error ? `\n      ${error.split('\n')[0]}` : ''}`);
}

export function same(found, wanted, what) {
  if (JSON.stringify(found) !== JSON.stringify(wanted))
    throw Error(`${what} must be ${JSON.stringify(wanted)}, but was ${JSON.stringify(found)}`);
}

export function holds(condition, what) {
  if (!condition) throw Error(what);
}

export const pause = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));

/** Look again and again until something is as it must be; its value. */
export async function until(look, what, seconds = 15) {
  const deadline = performance.now() + 1000 * seconds;
  let found;
  do {
    found = await look();
    if (found) return found;
    await pause(50);
  } while (performance.now() < deadline);
  throw Error(`not within ${seconds} s: ${what}`);
}

/** What a page has complained about: errors of scripts, and what its policy has forbidden. */
export async function watch(page) {
  const found = [];
  page.on('pageerror', (error) => found.push(`error: ${error}`));
  page.on(
    'console',
    (message) => message.type() === 'error' && !/WebSocket connection|ERR_CONNECTION/.test(message.text()) && found.push(message.text()),
  );
  await page.exposeFunction('tellViolation', (text) => found.push(`policy: ${text}`));
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', (event) => window.tellViolation(`${event.violatedDirective} ${event.blockedURI}`)),
  );
  return found;
}

const [SUBSCRIBE, EVENT, CALL, RESULT, ERROR] = [32, 36, 48, 50, 8];

/** What goes over a page's WebSocket: calls with their answers, what it listens to, and the events of the screen with when they came. */
export function record(page) {
  const told = { calls: [], summaries: [], events: 0, subscriptions: [] };
  page.on('websocket', (socket) => {
    const asked = new Map();
    socket.on('framesent', ({ payload }) => {
      const [kind, number, , procedure, args] = parsed(payload);
      if (kind === SUBSCRIBE) told.subscriptions.push(procedure);
      if (kind !== CALL) return;
      const call = { name: procedure.split('.').slice(2).join('.'), ask: args?.[0] ?? {} };
      asked.set(number, call);
      told.calls.push(call);
    });
    socket.on('framereceived', ({ payload }) => {
      const [kind, number, id, third, fourth, fifth] = parsed(payload);
      if (kind === RESULT) Object.assign(asked.get(number) ?? {}, { answer: third?.[0] ?? null });
      if (kind === ERROR) Object.assign(asked.get(id) ?? {}, { error: String(fifth?.[0] ?? fourth) });
      if (kind !== EVENT) return;
      told.events += 1;
      if (fourth?.[0]?.flow_watts)
        told.summaries.push({ at: performance.now() / 1000, bytes: payload.length, publication: id, word: fourth[0] });
    });
  });
  return told;
}

/** Calls of a name while something is done. */
export async function callsWhile(told, name, act) {
  const before = told.calls.length;
  await act();
  return told.calls.slice(before).filter((call) => call.name === name);
}

function parsed(payload) {
  try {
    return JSON.parse(payload);
  } catch {
    return [];
  }
}

export async function go(page, path) {
  await page.evaluate((where) => (location.hash = where), `#/${path}`);
  await page.locator('main h1').first().waitFor({ state: 'attached' });
}

/** Simulated time as the frame shows it, as text and in seconds. */
export const time = (page) => page.getByTestId('simulated-time').locator('strong').innerText();
export const seconds = (text) => text.split(':').reduce((sum, part) => 60 * sum + Number(part), 0);
export const node = (page, name) => page.locator(`.node[data-id="${name}"]`);

/** The last answer that a page got to a call. */
export const answered = (told, name) => told.calls.findLast((call) => call.name === name && call.answer)?.answer;

/** A power as it is written, in W. */
export function watts(text) {
  const found = /([\d.,]+)\s*(k?M?W)/.exec(text.replace(/[\u202f\u00a0]/g, ''));
  return found ? Number(found[1].replace(/,/g, '')) * { W: 1, kW: 1000, MW: 1e6 }[found[2]] : NaN;
}
