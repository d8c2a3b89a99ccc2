// node tools/measure.mjs ADDRESS [MINUTES]: what looking costs, each figure beside its aim. How soon and how large the first view is; the time
// of all processors that Chromium takes for live and compose, drawn in software, with motion, without, and while nobody looks, in % of one
// core, with the pictures it drew in a second; then the memory of scripts, minute by minute, as long as it is asked for. ADDRESS is what
// `joulebus access link --page` prints.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { launch } from './browser.mjs';

const [, , address, minutes = '0'] = process.argv;
const SECONDS = 15;
const FRAME_SECONDS = 4;
const TICKS_A_SECOND = 100;
const AIMS = { full: 40, off: 8 };
const pause = (seconds) => new Promise((go) => setTimeout(go, 1000 * seconds));
const say = (text) => console.log(`ui: ${text}`);

/** Seconds of processor time of this process's children, and theirs, to the hundredth; of Linux. */
function spent() {
  const rows = readdirSync('/proc').flatMap((pid) => {
    try {
      const words = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ') : [];
      return words.length ? [[Number(pid), Number(words[1]), (Number(words[11]) + Number(words[12])) / TICKS_A_SECOND]] : [];
    } catch {
      return []; // It has ended meanwhile.
    }
  });
  const family = new Set([process.pid]);
  for (let grown = true; grown;) {
    grown = false;
    for (const [pid, parent] of rows) if (family.has(parent) && !family.has(pid)) grown = !!family.add(pid);
  }
  return rows.filter(([pid]) => family.has(pid) && pid !== process.pid).reduce((sum, [, , seconds]) => sum + seconds, 0);
}

async function cores(act) {
  const [before, began] = [spent(), performance.now()];
  await act();
  return Math.round((100 * (spent() - before) * 1000) / (performance.now() - began));
}

const browser = await launch();
const page = await (await browser.newContext({ viewport: { width: 1360, height: 860 } })).newPage();
const session = await page.context().newCDPSession(page);

const loaded = [];
page.on('response', (response) =>
  loaded.push(
    response.body().then(
      (body) => [response.url(), body],
      () => null,
    ),
  ),
);
const began = performance.now();
await page.goto(address);
await page.locator('jb-flow-diagram').waitFor();
const seconds = ((performance.now() - began) / 1000).toFixed(2);
const files = (await Promise.all(loaded)).filter((one) => one);
const kilobytes = (wanted) =>
  (files.filter(([url]) => wanted.test(url)).reduce((sum, [, body]) => sum + gzipSync(body).length, 0) / 1000).toFixed(0);
say(`first view: ${seconds} s after a cold start of the browser; aim: at most 1.5 s`);
say(`first view: ${kilobytes(/\.js$/)} kB of scripts, gzipped, ${kilobytes(/./)} kB with all else; aim: at most 250 kB`);

/** Pictures in a second; counted apart, because counting is a picture each. */
async function frames() {
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const over = new Promise((go) => session.once('Tracing.tracingComplete', go));
  await session.send('Tracing.start', {
    traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline.frame', 'devtools.timeline.frame'] },
  });
  await pause(FRAME_SECONDS);
  await session.send('Tracing.end');
  await over;
  session.removeAllListeners('Tracing.dataCollected');
  return Math.round(events.filter(({ name }) => name === 'DrawFrame').length / FRAME_SECONDS);
}

const motion = (value) => page.evaluate((found) => (document.documentElement.dataset.motion = found), value);
for (const path of ['live', 'compose']) {
  await page.evaluate((where) => (location.hash = where), `#/${path}`);
  await pause(5);
  for (const value of ['full', 'off']) {
    await motion(value);
    await pause(2);
    const share = await cores(() => pause(SECONDS));
    say(`${path}, motion ${value}: ${share} % of a core, ${await frames()} pictures a second; aim: at most ${AIMS[value]} %`);
  }
  say(
    `${path}: ${await page.evaluate(() => document.getAnimations().length)} animations, ${await page.locator('.node').count()} devices drawn`,
  );
  await motion('full');
}
await page.evaluate(() => (location.hash = '#/live'));
await pause(2);
const { windowId } = await session.send('Browser.getWindowForTarget');
const window = (windowState) => session.send('Browser.setWindowBounds', { windowId, bounds: { windowState } });
await window('minimized');
// Playwright keeps each page visible for its scripts, whatever its window does: they are told what a browser would tell them.
const hide = (isHidden) =>
  page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);
await hide(true);
await pause(2);
say(`nobody looks, the window is minimized: ${await cores(() => pause(SECONDS))} % of a core; aim: about 0 %`);
await window('normal');
await hide(false);

for (let minute = 0; minute <= Number(minutes); minute++) {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
  const time = await page.getByTestId('simulated-time').innerText();
  say(`minute ${minute}: ${(usedSize / 1e6).toFixed(1)} MB, ${nodes} elements, ${time.replace(/\s+/g, ' ')}`);
  if (minute < Number(minutes)) await pause(60);
}
await browser.close();
