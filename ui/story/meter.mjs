// node story/meter.mjs ADMIN GUEST BOOKS: the page of the digital meter in two real browsers before a living home, which exports until its
// heater is switched on. BOOKS is the folder of the home. Results go to standard output as JSON.
import { launch } from '../tools/browser.mjs';
import { looks } from './axe.mjs';
import { answered, check, go, holds, pause, record, results, same, seconds, time, until, watch } from './checks.mjs';
import { voice } from './voice.mjs';

const QUARTER_SECONDS = 900;
const JOULES_PER_WH = 3_600;
const [, , adminAddress, guestAddress, books] = process.argv;
const browser = await launch();
const open = async (address) => {
  const context = await browser.newContext({ viewport: { width: 1360, height: 1000 }, locale: 'en-GB' });
  const page = await context.newPage();
  const complaints = await watch(page);
  const told = record(page);
  await page.goto(address);
  await page.getByTestId('simulated-time').waitFor();
  return { page, complaints, told };
};
const { page, complaints, told } = await open(adminAddress);
const other = await open(guestAddress);
const owner = await voice(books, '~owner');

/** A power as the page writes it, in W. */
const watts = (text) => {
  const [, number, unit] = /([\d,.]+)\s*(k?W)/u.exec(text);
  return Number(number.replaceAll(',', '')) * (unit === 'kW' ? 1000 : 1);
};
const peak = (key) => page.locator(`[data-peak="${key}"]`);
const peakWatts = async (key) => watts(await peak(key).locator('strong').innerText());
const last = page.getByTestId('last');
const lastBegins = async () => Number(await last.getAttribute('data-begins'));
/** Sentences that warned of a peak, since the page was opened; each is counted once, however long it is shown. */
const warnings = () => page.evaluate(() => window.warned.length);
await page.evaluate(() => {
  window.warned = [];
  new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes]))
      if (/This quarter-hour comes to/.test(node.textContent) && node.matches?.('.toast')) window.warned.push(node.textContent);
  }).observe(document.body, { childList: true, subtree: true });
});
/** Until the quarter-hour that runs now is over, and shown as such. */
async function quarterPasses() {
  const before = (await last.count()) ? await lastBegins() : 0;
  await until(async () => (await last.count()) && (await lastBegins()) > before, 'a quarter-hour is over', 60);
}

await check('A-28 the mean of the months counts each with what is billed at least', async () => {
  await go(page, 'meter');
  await go(other.page, 'meter');
  await peak('mean').waitFor();
  same(await peak('mean').locator('strong').innerText(), '2.50\u202fkW', 'mean');
  same(await peakWatts('month'), 0, 'peak of a month in which nothing was imported');
});

await check('a limit for warnings is set here, and another browser sees it and may not change it', async () => {
  await page.getByTestId('peak_watts_max').fill('300');
  await page.getByTestId('peak_watts_max').blur();
  await page.getByTestId('set').click();
  await page.locator('.toast', { hasText: 'meter is changed from tick' }).last().waitFor();
  const theirs = other.page.getByTestId('peak_watts_max');
  await until(async () => (await theirs.inputValue()) === '300', 'the other sees it');
  holds(await theirs.isDisabled(), 'a viewer may write it');
});

await check('A-27 nobody is warned while the home exports', async () => {
  await quarterPasses();
  await page.getByText(/exporting [\d.]+\s*k?W now/).waitFor();
  same(await warnings(), 0, 'warnings');
  same(await page.getByTestId('demand').innerText(), '0\u202fW', 'quarter-hour so far');
});

await check(
  'A-27 one warning when the quarter-hour goes beyond its limit, and then a new peak of the month with its quarter-hour',
  async () => {
    await owner.call('home.switch', { name: 'heater', on: true });
    await until(async () => (await warnings()) > 0, 'somebody is warned');
    const warned = (await page.evaluate(() => window.warned))[0];
    holds(/comes to [\d.]+\s*k?W, [\d.]+\s*k?W above 300\s*W; take [\d.]+\s*k?W less/u.test(warned), `it says "${warned}"`);
    holds(/Take [\d.]+\s*k?W less until it ends/u.test(await page.getByTestId('forecast').innerText()), 'the page says what to do');
    const quarter = Math.floor(seconds(await time(page)) / QUARTER_SECONDS);
    await until(async () => Math.floor(seconds(await time(page)) / QUARTER_SECONDS) > quarter, 'the quarter-hour ends', 60);
    holds((await warnings()) <= 2, 'a quarter-hour warns more than once');
    await quarterPasses();
    await until(async () => (await peakWatts('month')) > 0, 'there is a peak');
    const before = await peakWatts('month');
    await owner.call('heater.set', { power_watts: 5_000 });
    await quarterPasses();
    await quarterPasses();
    await until(async () => (await peakWatts('month')) > before + 500, 'the peak is a new one');
    holds(/\d\d:(00|15|30|45)–\d\d:(00|15|30|45)/.test(await peak('month').innerText()), 'its quarter-hour is said');
    same(await page.getByTestId('months').locator('tbody tr').count(), 1, 'months');
  },
);

await check(
  'A-26 the mean of a quarter-hour that is over is what was imported in it, bars begin at quarter-hours, and time runs down',
  async () => {
    await page.getByTestId('pause').click();
    await until(() => page.locator('header').getByText('paused').count(), 'time stands');
    await pause(1500);
    const begins = await lastBegins();
    same(begins % QUARTER_SECONDS, 0, 'where it begins');
    const span = { from_unix_seconds: begins, to_unix_seconds: begins + QUARTER_SECONDS, by: 'device', names: ['grid'], resolution: '15m' };
    const { series } = await owner.call('historian.energy', span);
    const wattHours = series['grid.out'][0] / JOULES_PER_WH;
    holds(wattHours > 100, `${wattHours} Wh were imported`);
    const shown = watts((await last.innerText()).split(': ').at(-1));
    holds(Math.abs(shown - 4 * wattHours) <= 5, `${shown} W are shown, and ${wattHours} Wh were imported`);
    const { starts } = answered(told, 'historian.energy');
    same(
      starts.slice(1).filter((start) => start % QUARTER_SECONDS),
      [],
      'bars that begin elsewhere',
    );
    const left = await page.getByTestId('left').innerText();
    same(
      `0:${left}`.split(':').reduce((sum, part) => 60 * sum + Number(part), 0),
      QUARTER_SECONDS - (seconds(await time(page)) % QUARTER_SECONDS),
      'left',
    );
  },
);

await check('registers are those of the ledger, to the watt-hour', async () => {
  const kwh = async (code) => Number((await page.locator(`[data-code="${code}"] .number`).innerText()).split('\u202f')[0]);
  const { series } = await owner.call('historian.energy', { by: 'device', names: ['grid'], resolution: 'year' });
  const moved = (way) => series[`grid.${way}`].reduce((sum, joules) => sum + joules, 0) / JOULES_PER_WH;
  for (const [first, second, way] of [
    ['1-0:1.8.1', '1-0:1.8.2', 'out'],
    ['1-0:2.8.1', '1-0:2.8.2', 'in'],
  ]) {
    const shown = 1000 * ((await kwh(first)) + (await kwh(second)));
    holds(Math.abs(shown - moved(way)) < 2, `${first} shows ${shown} Wh, and ${moved(way)} Wh passed`); // Each whole Wh of its own.
  }
  await page.getByText('The telegram as it was sent').click();
  holds(/1-0:1\.8\.1\(\d{6}\.\d{3}\*kWh\)/.test(await page.getByTestId('telegram').innerText()), 'the telegram is there');
});

await check('the page of the meter speaks German', async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'de-DE' });
  const german = await context.newPage();
  await german.goto(guestAddress);
  await german.waitForURL(/\/de\//);
  await go(german, 'meter');
  await german.getByRole('heading', { name: 'Diese Viertelstunde' }).waitFor();
  await german.getByRole('heading', { name: 'Spitzen', exact: true }).waitFor();
  same(await german.evaluate(() => document.documentElement.scrollWidth), 390, 'width');
  await context.close();
});

await looks(other.page, ['meter']);

await check('no script has failed', async () => {
  same([...complaints, ...other.complaints], [], 'complaints');
});

await browser.close();
console.log(JSON.stringify(results));
process.exit(0);
