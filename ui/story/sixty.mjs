// node story/sixty.mjs ADMIN: a home of sixty devices in a real browser; results go to standard output as JSON.
import { launch } from '../tools/browser.mjs';
import { check, go, holds, node, record, results, same, until, watch } from './checks.mjs';
import { hands, middle, overlaps } from './hands.mjs';

const [, , adminAddress] = process.argv;
const DEVICES = 60;
const FRAMES_A_SECOND_MIN = 20;
const DRAG_STEPS = 120;

const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1360, height: 860 } });
const page = await context.newPage();
const complaints = await watch(page);
const told = record(page);
await page.goto(adminAddress);
await page.getByTestId('simulated-time').waitFor();
await go(page, 'compose');
await until(async () => (await page.locator('.node').count()) >= DEVICES, `${DEVICES} devices`, 60);

await check('A-11 of sixty devices one is dragged at 20 frames a second or more', async () => {
  const from = await middle(node(page, 'inverter'));
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.evaluate(() => {
    window.frames60 = 0;
    const count = () => (window.frames60++, requestAnimationFrame(count));
    requestAnimationFrame(count);
  });
  const began = performance.now();
  for (let step = 1; step <= DRAG_STEPS; step++) await page.mouse.move(from.x - step, from.y + 0.5 * step);
  const seconds = (performance.now() - began) / 1000;
  const frames = await page.evaluate(() => window.frames60);
  await page.mouse.up();
  console.error(`${frames} frames in ${seconds.toFixed(1)} s`);
  holds(frames / seconds >= FRAMES_A_SECOND_MIN, `${(frames / seconds).toFixed(1)} frames a second`);
  await until(() => told.calls.some(({ name }) => name === 'layout.set'), 'it is asked for');
});

await check('A-11 after Arrange no two of sixty devices lie over each other', async () => {
  const moved = await hands(page).place('inverter');
  await page.getByRole('button', { name: 'Arrange' }).click();
  await until(async () => (await hands(page).place('inverter')) !== moved, 'all stand as the page puts them');
  same(await overlaps(page.locator('.node')), [], 'devices over each other');
});

await check('A-23 of many loads the Sankey names the strongest and sums up the rest, and nothing overlaps', async () => {
  await go(page, 'energy?span=now');
  const texts = page.getByTestId('sankey').locator('text');
  await until(async () => /\d+ others/.test((await texts.allTextContents()).join()), 'the rest is summed up');
  const boxes = await texts.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4;
  holds(!boxes.some((a, i) => boxes.slice(i + 1).some((b) => meet(a, b))), 'two names overlap');
});

await check('A-49 the policy has forbidden nothing, and no script has failed', async () => same(complaints, [], 'complaints'));

await browser.close();
console.log(JSON.stringify(results));
