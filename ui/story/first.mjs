// The first view, who may what, and the clock.
import { check, go, holds, pause, same, seconds, time, until } from './checks.mjs';

const FIRST_VIEW_BYTES_MAX = 250_000;
const FIRST_FLOW_SECONDS_MAX = 3;
const EVENTS_A_SECOND_MAX = 10;
const SUMMARY_BYTES_MAX = 8_192;

export async function first({ page, told, seconds: firstSeconds }, other, address) {
  await check('A-50 the first view is small and soon there', async () => {
    await page.locator('jb-flow-diagram').waitFor();
    const bytes = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter((one) => one.name.endsWith('.js'))
        .reduce((sum, one) => sum + one.encodedBodySize, 0),
    );
    holds(bytes > 10_000 && bytes <= FIRST_VIEW_BYTES_MAX, `scripts have ${bytes} bytes`);
    holds(firstSeconds <= FIRST_FLOW_SECONDS_MAX, `it took ${firstSeconds} s`);
  });

  await check('the ticket leaves the address at once', async () => {
    holds(!page.url().includes(address.split('/').at(-1)), 'it is still in the address');
    same(await page.evaluate(() => performance.getEntriesByType('navigation').length), 1, 'navigations');
  });

  await check('A-33 a guest looks and changes nothing', async () => {
    same(await other.page.getByTestId('connection').innerText(), 'viewer', 'role');
    holds(await other.page.getByTestId('pause').isDisabled(), 'a viewer may pause');
    await go(other.page, 'compose');
    holds(await other.page.locator('.palette button').first().isDisabled(), 'a viewer may add');
    holds(await other.page.getByText('You may look; an operator').count(), 'it says who may');
    await go(other.page, 'live');
  });

  await check('A-17 pause holds both browsers, a step is one tick, and resume goes on', async () => {
    await page.getByTestId('pause').click();
    const paused = () => page.locator('header').getByText('paused').count();
    await until(paused, 'the page says that time is paused');
    await until(() => other.page.locator('header').getByText('paused').count(), 'the other says so, too');
    // What was on its way when time stopped is settled first.
    const before = await until(async () => {
      const now = await time(page);
      await pause(1000);
      return now === (await time(page)) && now;
    }, 'time stands still');
    await page.getByTestId('step').click();
    await until(async () => seconds(await time(page)) === seconds(before) + 1, 'one tick more');
    same(
      await time(page),
      await until(async () => (await time(other.page)) === (await time(page)) && time(other.page), 'both show the same'),
      'time',
    );
    await page.getByTestId('pause').click();
    await until(async () => (await time(page)) !== before && !(await paused()), 'time goes on');
  });

  for (const speed of [1, 60, 900]) {
    await check(`A-18 time goes as fast as it says, at ${speed} times`, async () => {
      await page.getByTestId('speed').selectOption(String(speed));
      await until(() => page.locator('header .pill').getByText(`${speed}×`).count(), `the home says ${speed}×`);
      await pause(1500);
      const [began, count] = [told.summaries.at(-1), told.summaries.length];
      await pause(5000);
      const heard = told.summaries.slice(count);
      const last = heard.at(-1);
      const passed = last.at - began.at;
      const speedFound = (Date.parse(last.word.time) - Date.parse(began.word.time)) / 1000 / passed;
      // A tick more or less at either end.
      const slack = 0.1 + 2 / (speed * passed);
      holds(Math.abs(speedFound / speed - 1) <= slack, `it went ${speedFound.toFixed(2)} times as fast`);
      holds(heard.length / passed <= EVENTS_A_SECOND_MAX + 0.5, `${(heard.length / passed).toFixed(1)} events came in a second`);
      holds(Math.max(...heard.map((one) => one.bytes)) <= SUMMARY_BYTES_MAX, 'one was too large');
    });
  }
  await page.getByTestId('speed').selectOption('60');
}
