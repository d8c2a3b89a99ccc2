// node story/story.mjs ADMIN GUEST: two real browsers before a living home. ADMIN and GUEST are addresses of its dashboard. Each check has
// its number in the list of what a dashboard must do; results go to standard output as JSON.
import { readFileSync } from 'node:fs';
import { launch } from '../tools/browser.mjs';
import { check, go, holds, results, same, until, watch } from './checks.mjs';

const [, , adminAddress, guestAddress] = process.argv;
const PAGES = ['live', 'compose', 'energy', 'history', 'bus', 'system'];
const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const FIRST_VIEW_BYTES_MAX = 250_000;
const MARKUP = '<img src=x onerror=alert(1)>';

const browser = await launch();
const open = async (address, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 }, ...options });
  const page = await context.newPage();
  const complaints = await watch(page);
  const began = performance.now();
  await page.goto(address);
  await page.getByTestId('simulated-time').waitFor();
  return { page, complaints, seconds: (performance.now() - began) / 1000 };
};
const time = (page) => page.getByTestId('simulated-time').locator('strong').innerText();
const seconds = (text) => text.split(':').reduce((sum, part) => 60 * sum + Number(part), 0);
const flowOf = (page, flow) => page.locator(`[data-flow="${flow}"]`).first().getAttribute('data-w').then(Number);
const node = (page, name) => page.locator(`.node[data-id="${name}"]`);

const { page, complaints, seconds: firstSeconds } = await open(adminAddress);
const other = await open(guestAddress);

await check('A-50 the first view is small and soon there', async () => {
  await page.locator('jb-flow-diagram').waitFor();
  const bytes = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((one) => one.name.endsWith('.js'))
      .reduce((sum, one) => sum + one.encodedBodySize, 0),
  );
  holds(bytes > 10_000 && bytes <= FIRST_VIEW_BYTES_MAX, `scripts have ${bytes} bytes`);
  holds(firstSeconds < 10, `it took ${firstSeconds} s`);
});

await check('the ticket leaves the address at once', async () => {
  const ticket = adminAddress.split('/').at(-1);
  holds(!page.url().includes(ticket), 'it is still in the address');
  same(await page.evaluate(() => performance.getEntriesByType('navigation').length), 1, 'navigations');
});

await check('A-33 a guest looks and changes nothing', async () => {
  same(await other.page.getByTestId('connection').innerText(), 'viewer', 'role');
  holds(await other.page.getByTestId('pause').isDisabled(), 'a viewer may pause');
  await go(other.page, 'compose');
  holds(await other.page.locator('.palette button').first().isDisabled(), 'a viewer may add');
  await go(other.page, 'live');
});

await check('A-17 pause holds both browsers, a step is one tick, and resume goes on', async () => {
  await page.getByTestId('pause').click();
  const paused = () => page.locator('header').getByText('paused').count();
  await until(paused, 'the page says that time is paused');
  await until(() => other.page.locator('header').getByText('paused').count(), 'the other says so, too');
  const before = await time(page);
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

await check('A-18 time goes as fast as it says', async () => {
  await page.getByTestId('speed').selectOption('10');
  await until(() => page.locator('header .pill').getByText('10×').count(), 'the home says 10×');
  const measure = async () => ({ simulated: seconds(await time(page)), real: performance.now() / 1000 });
  const first = await until(async () => {
    const now = await measure();
    return (await measure()).simulated > now.simulated && measure();
  }, 'time moves');
  const last = await until(async () => {
    const now = await measure();
    return now.real - first.real > 5 && now;
  }, 'five seconds have passed');
  const speed = (last.simulated - first.simulated) / (last.real - first.real);
  holds(Math.abs(speed - 10) < 2, `it went ${speed.toFixed(1)} times as fast`);
  await page.getByTestId('speed').selectOption('60');
});

await check('A-20 tiles and arrows say the same of one tick', async () => {
  await page.getByTestId('pause').click();
  await until(() => page.locator('header').getByText('paused').count(), 'paused');
  const arrows = await page
    .locator('jb-flow-diagram [data-flow^="sun>"]')
    .evaluateAll((found) => found.reduce((sum, one) => sum + Number(one.dataset.w), 0));
  const tile = await page.locator('[data-tile="Solar"] .value').innerText();
  const watts = Number(tile.replace(/[^0-9.]/g, '')) * (tile.includes('kW') ? 1000 : 1);
  holds(watts > 0 && watts - arrows < 200 && watts >= arrows - 10, `the tile says ${tile}, the arrows ${arrows} W`);
});

await check('A-22 charging and discharging are words of the same sign as the arrows', async () => {
  const into = await flowOf(page, 'sun>battery');
  const out = await flowOf(page, 'battery>loads');
  const words = await page.locator('[data-tile="Battery"] .small').innerText();
  same(
    [/charging|in /.test(words.replace('discharging', '')), /discharging|out /.test(words)],
    [into > 0, out > 0],
    `charging, discharging (${words})`,
  );
  await page.getByTestId('pause').click();
});

await check('A-01 a kind dropped on the canvas becomes a device at that place', async () => {
  await go(page, 'compose');
  await node(page, 'inverter').waitFor();
  const from = await page.locator('.palette [data-kind="lights"]').boundingBox();
  const canvas = await page.locator('f-flow').boundingBox();
  const to = { x: canvas.x + canvas.width / 2, y: canvas.y + canvas.height - 90 };
  await page.mouse.move(from.x + 30, from.y + 15);
  await page.mouse.down();
  await page.mouse.move(from.x + 120, from.y + 60, { steps: 6 });
  await page.mouse.move(to.x, to.y, { steps: 12 });
  await page.mouse.up();
  await node(page, 'lights').waitFor({ timeout: 40_000 });
  const box = await node(page, 'lights').boundingBox();
  holds(Math.abs(box.x - to.x) < 60 && Math.abs(box.y - to.y) < 60, `it is at ${JSON.stringify(box)}, dropped at ${JSON.stringify(to)}`);
});

await check('A-03 Enter on a kind adds a device, and the other browser sees it', async () => {
  await go(other.page, 'compose');
  await page.locator('.palette [data-kind="tv"]').focus();
  await page.keyboard.press('Enter');
  await node(page, 'tv').waitFor({ timeout: 40_000 });
  await node(other.page, 'tv').waitFor({ timeout: 5_000 });
});

await check('A-06 what was removed is gone in both, and undo brings it back', async () => {
  await page.getByTestId('pick').selectOption('tv');
  await page.getByTestId('remove').click();
  await until(async () => !(await node(page, 'tv').count()) && !(await node(other.page, 'tv').count()), 'it is gone in both');
  await page.getByRole('button', { name: 'Undo' }).click();
  await node(page, 'tv').waitFor({ timeout: 40_000 });
  await node(other.page, 'tv').waitFor({ timeout: 5_000 });
});

await check('A-12 a property that was set is seen by the other browser', async () => {
  await page.getByTestId('pick').selectOption('oven');
  await other.page.getByTestId('pick').selectOption('oven');
  const field = page.getByLabel('power', { exact: true });
  await field.fill('3300');
  await page.getByTestId('save').click();
  await until(async () => (await other.page.getByLabel('power', { exact: true }).inputValue()) === '3300', 'the other shows 3300');
});

await check('A-13 a value beyond its limits is refused at its field', async () => {
  await page.getByLabel('power', { exact: true }).fill('-5');
  await page.getByTestId('save').click();
  const wrong = await page.locator('.field [role="alert"]').innerText({ timeout: 10_000 });
  holds(wrong.length > 5, `it says "${wrong}"`);
  same(await other.page.getByLabel('power', { exact: true }).inputValue(), '3300', 'what holds');
  await page.getByRole('button', { name: 'Discard' }).click();
});

await check('A-15 what is switched off is grey, and comes back', async () => {
  await page.getByTestId('switch').click();
  await page.locator('.node.off[data-id="oven"]').waitFor({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Switch on' }).click();
  await until(async () => !(await page.locator('.node.off[data-id="oven"]').count()), 'it is on', 40);
});

await check('A-24 now is power, and since it began is energy', async () => {
  await go(page, 'energy');
  const text = () => page.getByTestId('sankey').locator('.amount').first().textContent();
  await until(async () => /W$/.test(await text()), 'a power');
  await page.getByRole('button', { name: 'Since it began' }).click();
  await until(async () => /Wh$/.test(await text()), 'an energy');
  holds(page.url().includes('span=all'), 'the span is in the address');
});

await check('A-35 a span in the address shows the same again', async () => {
  await go(page, 'history?span=6h');
  await page.locator('jb-stack-chart').waitFor({ timeout: 20_000 });
  same(await page.getByRole('button', { name: '6 hours' }).getAttribute('aria-pressed'), 'true', 'chosen');
});

await check('A-36 the inspector filters and pauses', async () => {
  await go(page, 'bus');
  await page.getByTestId('filter').fill('inverter.settled');
  await page.getByTestId('message').first().waitFor();
  same([...new Set(await page.getByTestId('message').locator('.topic').allInnerTexts())], ['inverter.settled'], 'topics');
  await page.getByRole('button', { name: 'Pause', exact: true }).last().click();
  await until(() => page.getByRole('button', { name: /Go on \(\d+ wait\)/ }).count(), 'it says how many wait');
});

await check('A-38 the console shows an answer and an error, and markup is text', async () => {
  await page.getByLabel('Procedure').fill(`joulebus.${await page.locator('.home strong').innerText()}.home.add`);
  await page.getByLabel('Arguments, as a JSON object').fill(JSON.stringify({ name: MARKUP, kind: 'tv' }));
  await page.getByTestId('ask').click();
  const answer = await until(async () => (await page.getByTestId('answer').count()) && page.getByTestId('answer').innerText(), 'an answer');
  holds(answer.includes('<img'), `it says what was wrong: ${answer}`);
  same(await page.locator('img').count(), 0, 'images');
});

await check('A-40 the router goes and comes, and nothing must be loaded again', async () => {
  await go(page, 'system');
  await page.evaluate(() => (window.untouched = true));
  await page.getByRole('button', { name: 'Restart crossbar' }).click();
  await until(() => page.getByTestId('connection').getByText('offline').count(), 'the page says that it is offline', 30);
  await until(() => page.getByTestId('connection').getByText('admin', { exact: true }).count(), 'it is back', 60);
  const before = await time(page);
  await until(async () => (await time(page)) !== before, 'time goes on', 30);
  same(await page.evaluate(() => window.untouched), true, 'the same page');
});

await check('A-41 the screen component is restarted, and the picture goes on', async () => {
  await page.getByRole('button', { name: 'Restart screen' }).click();
  await page.getByText('screen is being restarted').waitFor();
  await go(page, 'live');
  const before = await time(page);
  await until(
    async () => seconds(await time(page)) > seconds(before) + 60 && !(await page.getByTestId('connection').getByText('old').count()),
    'time goes on',
    60,
  );
});

const looker = await open(guestAddress);
for (const width of [1360, 390]) {
  await looker.page.setViewportSize({ width, height: 844 });
  for (const path of PAGES) {
    await go(looker.page, path);
    await looker.page.locator('.page, jb-canvas .node').first().waitFor();
    await looker.page.evaluate(AXE);
    for (const scheme of ['light', 'dark']) {
      await check(`A-44 axe finds nothing on ${path}, ${scheme}, ${width} px`, async () => {
        await looker.page.emulateMedia({ colorScheme: scheme });
        const found = await looker.page.evaluate(() =>
          window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }),
        );
        const told = found.violations.map(
          (one) =>
            `${one.id}: ${one.nodes
              .slice(0, 3)
              .map((node) => node.html.slice(0, 160))
              .join(' | ')}`,
        );
        same(told, [], 'violations');
      });
    }
    await check(`A-48 nothing is wider than the screen on ${path}, ${width} px`, async () => {
      const wide = await looker.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      holds(wide <= 0, `it is ${wide} px too wide`);
    });
    await check(`A-47 no number without a meaning on ${path}, ${width} px`, async () => {
      const text = path === 'bus' ? '' : await looker.page.locator('body').innerText();
      holds(!/NaN|undefined|\bnull\b|-0 /.test(text), text);
    });
  }
}

await check('A-46 with reduced motion nothing moves', async () => {
  const still = await open(guestAddress, { reducedMotion: 'reduce' });
  await still.page.locator('jb-flow-diagram').waitFor();
  same(await still.page.evaluate(() => document.getAnimations().length), 0, 'animations');
  await still.page.context().close();
});

await check('A-49 the policy has forbidden nothing, and no script has failed', async () => {
  same([...complaints, ...other.complaints, ...looker.complaints], [], 'complaints');
});

await browser.close();
console.log(JSON.stringify(results));
