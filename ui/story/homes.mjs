// node story/homes.mjs ADMIN GUEST FOLDER: the page of the machine's homes in real browsers. What is saved, and pictures in both themes and at
// 390 px, go into FOLDER, results go to standard output as JSON.
import { readFileSync, writeFileSync } from 'node:fs';
import { launch } from '../tools/browser.mjs';
import { looks, violations } from './axe.mjs';
import { check, go, holds, record, results, same, until, watch } from './checks.mjs';

const [, , adminAddress, guestAddress, folder] = process.argv;
const START_SECONDS = 120;
const FLOW_SECONDS_MAX = 10;
const browser = await launch();
const open = async (address, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, acceptDownloads: true, locale: 'en-GB', ...options });
  const page = await context.newPage();
  const complaints = await watch(page);
  await page.goto(address);
  await page.getByTestId('simulated-time').waitFor();
  await go(page, 'homes');
  await page.locator('[data-home="room"]').waitFor();
  return { page, complaints };
};
const { page, complaints } = await open(adminAddress);
const row = (name, at = page) => at.locator(`[data-home="${name}"]`);
const stateOf = (name, at = page) => row(name, at).getAttribute('data-state');
const act = (name, what) => row(name).getByTestId(what).click();
const dialog = page.getByTestId('new-home');
const trouble = () => dialog.locator('[role="alert"]').innerText();
const isClosed = () => dialog.waitFor({ state: 'hidden' });
/** Into the field of the question about a home; Enter does nothing before the button may be pressed. */
const deletes = async (name, at = page) => {
  await at.getByTestId('confirm').fill(name);
  await at.locator('[data-testid="delete-confirm"]:enabled').waitFor();
  await at.keyboard.press('Enter');
};
const exported = async (name) => {
  const [download] = await Promise.all([page.waitForEvent('download'), act(name, 'export')]);
  same(download.suggestedFilename(), `${name}.yaml`, 'name of the file');
  await download.saveAs(`${folder}/${name}.yaml`);
  return readFileSync(`${folder}/${name}.yaml`, 'utf8');
};

await check('homes and examples are listed, with state and description', async () => {
  same(await stateOf('room'), 'running', 'state');
  holds((await row('room').innerText()).includes('you are looking at it'), 'it does not say which home this is');
  holds(await row('room').getByTestId('delete').isDisabled(), 'a running home could be deleted');
  const flat = await page.locator('[data-example="flat"]').innerText();
  holds(flat.includes('A flat: the grid and appliances'), `the example says "${flat}"`);
});

await check('somebody is let in from the settings with a link that is good once, and put out again', async () => {
  await go(page, 'settings');
  const access = page.getByTestId('access');
  await access.getByTestId('person').fill('anna');
  await access.getByTestId('role').selectOption('operator');
  await access.getByTestId('give').click();
  const link = await access.locator('[data-testid="given"] code').innerText();
  const hers = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await hers.goto(link);
  await until(async () => (await hers.getByTestId('connection').innerText()) === 'operator', 'she is let in');
  const late = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await late.goto(link);
  await late.getByText('This address lets nobody in any more').waitFor();
  await access.locator('[data-person="anna"]').getByTestId('revoke').click();
  await hers.getByText('This address lets nobody in any more').waitFor();
  await access.locator('[data-person="anna"]').waitFor({ state: 'detached' });
  await go(page, 'homes');
  await row('room').waitFor();
});

await check('a home is created from an example, and a name that is taken is refused where it is written', async () => {
  await page.locator('[data-example="flat"]').getByTestId('begin').click();
  await dialog.waitFor();
  const name = dialog.getByTestId('home-name');
  same(await name.inputValue(), 'flat', 'the name that is proposed');
  await name.fill('room');
  await dialog.getByTestId('make').click();
  await until(async () => /the name room is taken/.test(await trouble()), 'it is refused');
  same(await name.inputValue(), 'room', 'what was written stays');
  await name.fill('../room');
  await dialog.getByTestId('make').click();
  await until(async () => /name.*must/.test(await trouble()), 'it is refused');
  await name.fill('flat');
  await dialog.getByTestId('make').click();
  await isClosed();
  await row('flat').waitFor();
  same(await stateOf('flat'), 'stopped', 'state');
  holds((await row('flat').innerText()).includes('has never been started'), 'it does not say that it has no past');
});

await check('a home is created empty by keyboard alone', async () => {
  await page.getByTestId('create').focus();
  await page.keyboard.press('Enter');
  await dialog.waitFor();
  same(await page.evaluate(() => document.activeElement.dataset.testid), 'home-name', 'where one is');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('cottage');
  await page.keyboard.press('Enter');
  await row('cottage').waitFor();
  same(await page.evaluate(() => document.activeElement.dataset.testid), 'create', 'where one is afterwards');
});

await check('the living home is copied as it is', async () => {
  await act('room', 'copy');
  await dialog.waitFor();
  same(await dialog.getByTestId('home-name').inputValue(), 'room_2', 'the name that is proposed');
  await dialog.getByTestId('make').click();
  await row('room_2').waitFor();
});

await check('a home is exported as a file, which comes back as another home', async () => {
  const text = await exported('room');
  holds(/^home: room$/m.test(text) && text.includes('heater'), text);
  writeFileSync(`${folder}/other.yaml`, text.replace('heater', 'kiln'));
  await page.getByTestId('import').click();
  await dialog.waitFor();
  same(await page.evaluate(() => document.activeElement.dataset.testid), 'home-file', 'where one is');
  await dialog.getByTestId('home-file').setInputFiles(`${folder}/other.yaml`);
  await until(async () => (await dialog.getByTestId('home-name').inputValue()) === 'room_3', 'a free name is proposed');
  await dialog.getByTestId('make').click();
  await row('room_3').waitFor();
  holds((await exported('room_3')).includes('kiln'), 'it is not the one that was sent');
});

await check('A-10 a home that was exported and deleted comes back from its file as it was', async () => {
  const before = await exported('flat');
  await act('flat', 'delete');
  await deletes('flat');
  await row('flat').waitFor({ state: 'detached' });
  await page.getByTestId('import').click();
  await dialog.waitFor();
  await dialog.getByTestId('home-file').setInputFiles(`${folder}/flat.yaml`);
  await until(async () => (await dialog.getByTestId('home-name').inputValue()) === 'flat', 'its name is proposed');
  await dialog.getByTestId('make').click();
  await row('flat').waitFor();
  same(await exported('flat'), before, 'the home');
});

await check('a file that is no home is refused where it is chosen, and what was written stays', async () => {
  await page.getByTestId('import').click();
  await dialog.waitFor();
  const text = 'home: x\ndevices: {k: {kind: <img src=x onerror=alert(1)>}}';
  await dialog.getByTestId('home-text').fill(text);
  await dialog.getByTestId('make').click();
  await until(async () => (await trouble()).includes('unknown kind'), 'it is refused');
  same(await dialog.getByTestId('home-text').inputValue(), text, 'what was written');
  same(await dialog.locator('img').count(), 0, 'pictures made of what was sent');
  writeFileSync(`${folder}/large.yaml`, 'x'.repeat(600_000));
  await dialog.getByTestId('home-file').setInputFiles(`${folder}/large.yaml`);
  await until(async () => /at most 500,000 characters.*600,000/.test(await trouble()), 'it says how much there may be');
  await page.keyboard.press('Escape');
  await isClosed();
});

async function shownOnceItRuns(name) {
  await act(name, 'start');
  await until(async () => ['starting', 'running'].includes(await stateOf(name)), 'it starts');
  await until(async () => (await stateOf(name)) === 'running', 'it runs', START_SECONDS);
  const [shown] = await Promise.all([page.context().waitForEvent('page'), act(name, 'show')]);
  const told = record(shown);
  await shown.getByTestId('simulated-time').waitFor();
  return { shown, told };
}

async function stopped(name) {
  await act(name, 'stop');
  await until(async () => (await stateOf(name)) === 'stopping', 'it is being stopped');
  await until(async () => (await stateOf(name)) === 'stopped', 'it stands', START_SECONDS);
}

await check('A-09 a home is started, shown and stopped; one in which nothing lives says how to begin', async () => {
  const { shown } = await shownOnceItRuns('cottage');
  same(await shown.locator('header .home').innerText(), 'cottage', 'whose page it is');
  await go(shown, 'compose');
  holds((await shown.getByTestId('empty').innerText()).startsWith('Nothing lives here yet'), 'it says how to begin');
  await shown.getByTestId('empty').getByRole('link').click();
  await shown.locator('[data-example="house"]').waitFor();
  await shown.close();
  await stopped('cottage');
  holds((await row('cottage').innerText()).includes('has lived; a start continues it'), 'it does not say that it has a past');
});

await check('A-09 an example that was loaded has seven devices or more, and energy flows within 10 s', async () => {
  const { shown, told } = await shownOnceItRuns('flat');
  const flows = () => Object.values(told.summaries.at(-1)?.word.flow_watts ?? {}).some((watts) => watts > 0);
  await until(flows, 'energy flows', FLOW_SECONDS_MAX);
  await go(shown, 'compose');
  await until(async () => (await shown.locator('.node').count()) >= 7, 'seven devices');
  same(await shown.getByTestId('empty').count(), 0, 'hints for an empty home');
  await shown.close();
  await stopped('flat');
});

await check('the home that is looked at is not stopped without a question', async () => {
  await act('room', 'stop');
  await page.getByRole('button', { name: 'Let it run' }).click();
  same(await stateOf('room'), 'running', 'state');
});

await check('a home is deleted by whoever types its name', async () => {
  await act('cottage', 'delete');
  const sure = page.getByTestId('delete-confirm');
  await page.getByTestId('confirm').fill('cottag');
  holds(await sure.isDisabled(), 'another name is enough');
  await deletes('cottage');
  await row('cottage').waitFor({ state: 'detached' });
  same(await page.evaluate(() => document.activeElement.id), 'homes-title', 'where one is afterwards');
});

await check('a home that was deleted meanwhile is missed where one acts on it', async () => {
  const second = await open(adminAddress);
  await page.evaluate(() => Object.defineProperty(document, 'hidden', { value: true, configurable: true }));
  await second.page.locator('[data-home="room_3"]').getByTestId('delete').click();
  await deletes('room_3', second.page);
  await second.page.locator('[data-home="room_3"]').waitFor({ state: 'detached' });
  await act('room_3', 'copy');
  await dialog.waitFor();
  await dialog.getByTestId('make').click();
  await until(async () => /there is no home room_3/.test(await trouble()), 'it says so');
  await page.keyboard.press('Escape');
  await page.evaluate(() => delete document.hidden);
  await row('room_3').waitFor({ state: 'detached' });
  same(second.complaints, [], 'complaints');
  await second.page.context().close();
});

const guest = await open(guestAddress);

await check('a guest sees the homes, may do nothing with them, and reads why', async () => {
  await row('flat', guest.page).waitFor();
  const may = await guest.page.locator('main .page button:enabled').allInnerTexts();
  same(may, [], 'buttons that a guest can press');
  holds((await guest.page.getByTestId('may-not').innerText()).includes('As viewer you see'), 'it does not say why');
});

await looks(guest.page, ['homes']);

await check('A-44 axe finds nothing in an open dialog, at 390 px too', async () => {
  for (const [width, colorScheme] of [
    [1360, 'light'],
    [1360, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ]) {
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${folder}/homes-${colorScheme}-${width}.png`, fullPage: width === 390 });
    for (const [button, id] of [
      [page.getByTestId('import'), 'new-home'],
      [row('flat').getByTestId('delete'), 'end-home'],
    ]) {
      await button.click();
      await page.getByTestId(id).waitFor();
      same(await violations(page), [], 'violations');
      await page.screenshot({ path: `${folder}/${id}-${colorScheme}-${width}.png` });
      await page.keyboard.press('Escape');
      await page.getByTestId(id).waitFor({ state: 'hidden' });
    }
  }
});

await check('the page speaks German', async () => {
  const german = await open(guestAddress, { locale: 'de-DE' });
  await german.page.waitForURL(/\/de\//);
  await go(german.page, 'homes');
  await german.page.getByText('Häuser dieses Rechners').waitFor();
  await german.page.context().close();
});

await check('A-49 the policy has forbidden nothing, and no script has failed', async () => {
  same([...complaints, ...guest.complaints], [], 'complaints');
});

await browser.close();
console.log(JSON.stringify(results));
