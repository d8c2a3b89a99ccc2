// node story/long.mjs ADMIN GUEST BOOKS MINUTES SPEED: a flood of messages, and two tabs that stay open for long; results go to standard output as JSON.
import { launch } from '../tools/browser.mjs';
import { check, go, holds, pause, record, results, same, until, watch } from './checks.mjs';
import { voice } from './voice.mjs';

const [, , adminAddress, guestAddress, books, minutes, speed] = process.argv;
const FLOOD = { messagesASecond: 1000, seconds: 30, bytesMax: 50e6, lagMilliseconds: 100 };
const SAMPLE_SECONDS = 20;
const HEAP_SHARE_MAX = 0.2;

const browser = await launch();
const open = async (address) => {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 } });
  const page = await context.newPage();
  const complaints = await watch(page);
  const told = record(page);
  await page.goto(address);
  await page.getByTestId('simulated-time').waitFor();
  const developer = await context.newCDPSession(page);
  const heap = async () => {
    await developer.send('HeapProfiler.collectGarbage');
    return (await developer.send('Runtime.getHeapUsage')).usedSize;
  };
  return { page, complaints, told, heap };
};
const admin = await open(adminAddress);
const { page } = admin;

await check(
  'A-37 in a flood of a thousand messages a second the bus page answers keys, stays small, and says what it could not keep',
  async () => {
    await go(page, 'bus');
    const oven = await voice(books, 'oven');
    const word = (tick) => ({
      tick,
      state: { heat_microjoules: 0, on: false, owed_joules: 0 },
      readings: { on: 0, temperature_millicelsius: tick },
    });
    await page.evaluate(() => {
      window.lags = [];
      new PerformanceObserver((list) => window.lags.push(...list.getEntries().map((one) => one.duration))).observe({
        type: 'event',
        durationThreshold: 16,
      });
    });
    const [before, count] = [await admin.heap(), admin.told.events];
    const began = performance.now();
    const passed = () => (performance.now() - began) / 1000;
    let sent = 0;
    let isHeld = false;
    let typed = 0;
    while (passed() < FLOOD.seconds) {
      while (sent < passed() * FLOOD.messagesASecond) oven.publish('oven.reported', word(++sent));
      if (typed < passed()) await page.getByTestId('filter').pressSequentially(++typed % 8 ? 'o' : 'Backspace');
      if (!isHeld && passed() > FLOOD.seconds / 2) {
        await page.getByTestId('hold').click();
        isHeld = true;
      }
      await pause(20);
    }
    await until(
      async () => Number(/[\d]+/.exec(await page.getByTestId('dropped').innerText())[0]) > 1000,
      'it says how many it has not kept',
    );
    const [lag, growth] = [await page.evaluate(() => Math.max(0, ...window.lags)), (await admin.heap()) - before];
    console.error(`${admin.told.events - count} of ${sent} messages came; longest answer to a key ${lag} ms; heap grew by ${growth} bytes`);
    holds(admin.told.events - count > 0.9 * sent, 'the messages came');
    holds(lag < FLOOD.lagMilliseconds, `a key was answered after ${lag} ms`);
    holds(growth < FLOOD.bytesMax, `the heap grew by ${growth} bytes`);
    oven.close();
  },
);

await check(`A-42 two tabs for long: no error, and their heaps are as they were`, async () => {
  const tabs = [admin, await open(guestAddress)];
  await page.getByTestId('speed').selectOption(speed);
  const places = ['live', 'compose', 'energy', 'history', 'bus'];
  const samples = [];
  const rounds = Math.max(6, Math.round((60 * Number(minutes)) / SAMPLE_SECONDS));
  for (let round = 0; round < rounds; round++) {
    // Each look at a page is followed by one at the first, where heaps are compared.
    for (const { page: tab } of tabs) await go(tab, places[round % places.length]);
    await pause((1000 * SAMPLE_SECONDS) / 2);
    for (const { page: tab } of tabs) await go(tab, 'live');
    await pause((1000 * SAMPLE_SECONDS) / 2);
    samples.push(await Promise.all(tabs.map((tab) => tab.heap())));
    console.error(
      `${round + 1} of ${rounds}: ${samples
        .at(-1)
        .map((bytes) => (bytes / 1e6).toFixed(1))
        .join(' and ')} MB`,
    );
  }
  // The first round of all pages loads them.
  const settled = samples.slice(Math.min(places.length, rounds - 4));
  const third = Math.ceil(settled.length / 3);
  for (const tab of [0, 1]) {
    const [first, last] = [settled.slice(0, third), settled.slice(-third)].map((part) => median(part.map((sample) => sample[tab])));
    holds(Math.abs(last / first - 1) <= HEAP_SHARE_MAX, `the heap of tab ${tab} was ${first} and is ${last} bytes`);
  }
  const count = admin.told.summaries.length;
  await until(() => admin.told.summaries.length > count, 'words come');
  same([...tabs[0].complaints, ...tabs[1].complaints], [], 'complaints');
});

await browser.close();
console.log(JSON.stringify(results));

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
