// What each check of the story needs: a list of results, and waiting for something that must come.

export const results = [];

/** One check with its number; the story goes on whatever it finds. */
export async function check(name, act) {
  const began = performance.now();
  try {
    await act();
    results.push({ name, error: null, seconds: (performance.now() - began) / 1000 });
  } catch (error) {
    results.push({ name, error: String(error?.stack ?? error).slice(0, 2000), seconds: (performance.now() - began) / 1000 });
  }
}

export function same(found, wanted, what) {
  if (JSON.stringify(found) !== JSON.stringify(wanted))
    throw Error(`${what} must be ${JSON.stringify(wanted)}, but was ${JSON.stringify(found)}`);
}

export function holds(condition, what) {
  if (!condition) throw Error(what);
}

/** Look again and again until something is as it must be; its value. */
export async function until(look, what, seconds = 15) {
  const deadline = performance.now() + 1000 * seconds;
  let found;
  do {
    found = await look();
    if (found) return found;
    await new Promise((go) => setTimeout(go, 50));
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

export async function go(page, path) {
  await page.evaluate((where) => (location.hash = where), `#/${path}`);
  await page.locator('main h1').first().waitFor({ state: 'attached' });
}
