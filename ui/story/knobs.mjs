// node story/knobs.mjs ADMIN GUEST FOLDER: inverter, storage, energy, history and settings of a living home in two real browsers. What is saved
// goes into FOLDER, results go to standard output as JSON.
import { readFileSync, statSync } from 'node:fs';
import { launch } from '../tools/browser.mjs';
import { looks } from './axe.mjs';
import { check, go, holds, record, results, same, until, watch } from './checks.mjs';

const [, , adminAddress, guestAddress, folder] = process.argv;
const browser = await launch();
const open = async (address) => {
  const context = await browser.newContext({ viewport: { width: 1360, height: 1000 }, acceptDownloads: true, locale: 'en-GB' });
  const page = await context.newPage();
  const complaints = await watch(page);
  const asked = record(page);
  await page.goto(address);
  await page.getByTestId('simulated-time').waitFor();
  return { page, complaints, asked };
};
const { page, complaints, asked } = await open(adminAddress);
const other = await open(guestAddress);
const told = (text) => page.locator('.toast', { hasText: text }).last().waitFor();
const windowOf = (name) => page.locator(`[data-window="${name}"]`);
const heard = (name, side) => other.page.locator(`[data-window="${name}"]`).getByTestId(side).first();

await check('a window dragged on the band of a day is set, and the other browser sees it', async () => {
  await go(page, 'inverter');
  await go(other.page, 'inverter');
  const band = windowOf('charge_from_grid').getByTestId('band');
  await band.scrollIntoViewIfNeeded();
  const box = await band.boundingBox();
  const at = (hour) => box.x + (box.width * hour) / 24;
  await page.mouse.move(at(2), box.y + 20);
  await page.mouse.down();
  await page.mouse.move(at(4), box.y + 20, { steps: 5 });
  await page.mouse.move(at(5), box.y + 20, { steps: 5 });
  await page.mouse.up();
  same(await windowOf('charge_from_grid').getByTestId('begins').inputValue(), '02:00', 'where it begins');
  same(await windowOf('charge_from_grid').getByTestId('ends').inputValue(), '05:00', 'where it ends');
  await page.getByTestId('set').click();
  await told('inverter is changed from tick');
  await until(
    async () => (await heard('charge_from_grid', 'ends').count()) && (await heard('charge_from_grid', 'ends').inputValue()) === '05:00',
    'the other sees it',
  );
  holds(await other.page.getByTestId('set').isDisabled(), 'a viewer may set');
});

await check('the same is written without a mouse', async () => {
  await windowOf('charge_from_grid').getByTestId('ends').fill('06:30');
  await windowOf('charge_from_grid').getByTestId('ends').blur();
  await page.getByTestId('set').focus();
  await page.keyboard.press('Enter');
  await until(async () => (await heard('charge_from_grid', 'ends').inputValue()) === '06:30', 'the other sees it');
});

await check('what is promised for a tick to come is shown while time stands still', async () => {
  await page.getByTestId('pause').click();
  await until(() => page.locator('header').getByText('paused').count(), 'the page says that time is paused');
  await windowOf('charge_from_grid').getByTestId('ends').fill('07:15');
  await windowOf('charge_from_grid').getByTestId('ends').blur();
  await page.getByTestId('set').click();
  await until(async () => (await heard('charge_from_grid', 'ends').inputValue()) === '07:15', 'the other sees it');
  await until(() => page.getByTestId('set').isDisabled(), 'nothing is drafted any more');
  same(await windowOf('charge_from_grid').getByTestId('ends').inputValue(), '07:15', 'where it ends');
  await page.getByTestId('pause').click();
  await until(async () => !(await page.locator('header').getByText('paused').count()), 'time goes on');
});

await check('A-13 a limit that cannot be is refused at its field', async () => {
  await page.getByTestId('export_limit_watts').fill('-7');
  await page.getByTestId('export_limit_watts').blur();
  await page.getByTestId('set').click();
  const wrong = await page.locator('.field [role="alert"]').first().innerText();
  holds(wrong.length > 5, `it says "${wrong}"`);
  await page.getByRole('button', { name: 'Discard' }).click();
});

await check('A-29 the reserve that was set holds, and the page says who did it and what changed because of it', async () => {
  await go(page, 'storage');
  await page.getByTestId('reserve_percent').fill('95');
  await page.getByTestId('reserve_percent').blur();
  await page.getByTestId('set').click();
  await told('inverter is changed from tick');
  const change = await until(async () => {
    const texts = await page.locator('[data-change]').allInnerTexts();
    return texts[0]?.includes('reserve 95') && texts[0];
  }, 'the change is listed');
  holds(change.includes('admin'), `who did it: ${change}`);
  await page.getByTestId('effects').locator('tbody tr').first().waitFor({ timeout: 40_000 });
  const after = await page
    .getByTestId('effects')
    .locator('[data-flow="battery>loads"]')
    .evaluateAll((rows) => rows.map((row) => Number(row.dataset.after)));
  holds(
    after.every((watts) => watts < 1),
    `below its reserve the battery served the home with ${after} W`,
  );
});

await check('A-24 any span has its energy, its sources by device and its cost compared', async () => {
  await go(page, 'energy?span=today');
  await page.locator('[data-source]').first().waitFor();
  const shares = await page
    .locator('tr[data-device="oven"] [data-source]')
    .evaluateAll((found) => found.map((one) => Number(one.dataset.amount)));
  holds(shares.length > 0 && shares.every((joules) => joules > 0), `sources of the oven: ${shares}`);
  holds((await page.getByTestId('comparison').innerText()).includes('nothing to compare with'), 'a home of one day has no day before');
  await page.locator('[data-span="chosen"]').click();
  await until(() => /span=chosen&from=\d+&to=\d+/.test(page.url()), 'the span is in the address');
  const address = page.url().split('#/')[1];
  const first = await page.getByTestId('from').inputValue();
  await go(other.page, address);
  same(await other.page.getByTestId('from').inputValue(), first, 'the same address shows the same span');
});

await check('A-35 a history has its span in the address, as many rows of CSV as points, and a picture', async () => {
  await go(page, 'history?span=6h');
  await page.locator('jb-stack-chart').waitFor();
  const save = async (id) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId(id).click()]);
    await download.saveAs(`${folder}/${id}`);
  };
  await page.getByTestId('csv').waitFor();
  await save('csv');
  const lines = readFileSync(`${folder}/csv`, 'utf8').trim().split('\n');
  holds(lines[0].startsWith('time,') && lines.length > 2, `it begins with ${lines[0]} and has ${lines.length} lines`);
  const times = new Set(lines.slice(1).map((line) => line.split(',')[0]));
  same(times.size, lines.length - 1, 'a row each bucket');
  // Not what the page before has asked, which may be answered later.
  const { answer } = asked.calls.findLast(({ name, ask, answer }) => name === 'historian.energy' && ask.points_max === 120 && answer);
  same(lines.length - 1, answer.starts.length, 'rows and points');
  await save('png');
  same(readFileSync(`${folder}/png`).subarray(1, 4).toString(), 'PNG', 'the kind of the picture');
  holds(statSync(`${folder}/png`).size > 5_000, 'the picture is empty');
});

await check('A-35 two spans are compared, and the address says so', async () => {
  const bounds = await Promise.all([page.getByTestId('from').inputValue(), page.getByTestId('to').inputValue()]);
  await page.getByTestId('other').fill(bounds[0]);
  await page.getByTestId('other').blur();
  await page.locator('[data-testid="compared"] jb-stack-chart').waitFor();
  holds(/other=\d+/.test(page.url()), 'the other span is in the address');
  same(await page.locator('[data-sum="used"] td').count(), 3, 'this span, the other one, and the difference');
});

await check('settings hold, and whoever signs out looks as a guest', async () => {
  await go(other.page, 'settings');
  await other.page.locator('[data-theme-choice="dark"]').click();
  await until(() => other.page.evaluate(() => document.documentElement.dataset.theme === 'dark'), 'the theme is dark');
  await other.page.locator('[data-theme-choice="system"]').click();
  same(await other.page.getByTestId('sign-out').count(), 0, 'a guest cannot sign out');
  await go(page, 'settings');
  await page.getByTestId('sign-out').click();
  await until(() => page.getByTestId('connection').getByText('viewer').count(), 'a guest', 30);
});

await looks(other.page, ['inverter', 'storage', 'energy?span=today', 'history?span=6h', 'settings']);

await check('A-49 the policy has forbidden nothing, and no script has failed', async () => {
  same([...complaints, ...other.complaints], [], 'complaints');
});

await browser.close();
console.log(JSON.stringify(results));
