// History and the bus. What the list publishes as a test is here an arrangement of the home, which its keeper tells everybody.
import { callsWhile, check, go, holds, node, same, until } from './checks.mjs';

const MARKUP = '<img src=x onerror=alert(1)>';
const SHOWN_SECONDS_MAX = 1;

export async function past({ page, told }, other, { owner, speak }) {
  const message = () => page.getByTestId('message');
  const filter = (text) => page.getByTestId('filter').fill(text);
  const arrange = (x) => owner.call('layout.set', { devices: { oven: { x } } });
  const home = await page.locator('.home strong').innerText();

  await check('A-35 a span in the address shows the same again, also to somebody else', async () => {
    await page.getByTestId('pause').click();
    await until(() => page.locator('header').getByText('paused').count(), 'paused');
    await go(page, 'history?span=6h');
    await page.locator('jb-stack-chart').first().waitFor({ timeout: 20_000 });
    same(await page.getByRole('button', { name: '6 hours' }).getAttribute('aria-pressed'), 'true', 'chosen');
    await go(other.page, page.url().split('#/')[1]);
    const drawn = (at) =>
      at
        .locator('jb-stack-chart svg rect')
        .evaluateAll((all) => all.map((one) => ['x', 'y', 'width', 'height'].map((name) => one.getAttribute(name)).join()));
    await until(async () => (await drawn(page)).length > 0, 'something is drawn');
    await until(async () => JSON.stringify(await drawn(page)) === JSON.stringify(await drawn(other.page)), 'the same is drawn for both');
    await page.getByTestId('pause').click();
  });

  await check('topics are counted as soon as somebody has spoken', async () => {
    await go(page, 'live');
    await go(page, 'bus');
    await page.getByTestId('topic').first().waitFor({ timeout: 2_500 });
  });

  await check('A-36 what is said is there within a second, with topic, size and who said it', async () => {
    await filter('layout.changed');
    await page.getByText('Nothing yet.').waitFor();
    await arrange(111);
    await until(() => message().count(), 'it is shown', SHOWN_SECONDS_MAX);
    const text = await message().first().innerText();
    holds(/layout\.changed/.test(text) && /\d+ B/.test(text), text);
    await message().first().click();
    same(await page.getByTestId('publisher').innerText(), `said by ${home}/inverter`, 'who said it');
    await page.getByTestId('copy').click();
    const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
    same(copied.devices.oven.x, 111, 'what was copied');
  });

  await check('A-36 while it is held, what comes is counted, and shown afterwards; clear forgets it', async () => {
    await page.getByTestId('hold').click();
    const before = await message().count();
    await arrange(222);
    await until(() => page.getByRole('button', { name: /Go on \(\d+ wait\)/ }).count(), 'it says how many wait');
    same(await message().count(), before, 'messages while it is held');
    await page.getByTestId('hold').click();
    await until(async () => (await message().count()) === before + 1, 'what waited is shown');
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('Nothing yet.').waitFor();
  });

  await check('A-36 the inspector filters also by expression, tells what changed, and draws a number', async () => {
    await filter('^inverter\\.(settled|opened)$');
    await message().first().waitFor();
    const topics = await message().locator('.topic').allInnerTexts();
    holds(
      topics.every((topic) => /^inverter\.(settled|opened)$/.test(topic)),
      topics.join(),
    );
    await filter('inverter.settled');
    await until(async () => (await message().count()) > 2, 'three messages');
    await message().first().click();
    await until(async () => (await page.getByTestId('differences').locator('tr').count()) > 0, 'differences');
    const path = await page.getByTestId('path').locator('option').nth(1).getAttribute('value');
    await page.getByTestId('path').selectOption(path);
    await page.getByTestId('plot').waitFor();
  });

  await check('A-39 a message that is not as specified is counted and marked, and no page breaks', async () => {
    same(await page.getByTestId('wrong').count(), 0, 'messages of a sound home that are not as specified');
    await filter('oven.reported');
    const oven = await speak('oven');
    oven.publish('oven.reported', { tick: 'soon', readings: [1], state: null });
    await page.getByTestId('wrong').waitFor();
    same(await page.getByTestId('wrong').innerText(), '1 not as specified', 'how many');
    await page.locator('[data-testid="message"].wrong').click();
    holds(/tick must be integer, but is "soon"/.test(await page.getByTestId('fault').innerText()), 'what is wrong');
    const screen = await speak('screen');
    screen.publish('screen.summary', { flow_watts: null, power_watts: 'much', time: 5 });
    screen.publish('screen.changed', { revision: 'next', roster: 7 });
    screen.publish('screen.summary', 'no word at all');
    await filter('screen.');
    await until(async () => (await page.getByTestId('wrong').innerText()) === '4 not as specified', 'all of them are counted');
    for (const path of ['live', 'compose']) {
      await go(page, path);
      await page.locator('jb-flow-diagram, jb-canvas .node').first().waitFor();
      holds(!/NaN|undefined|much/.test(await page.locator('body').innerText()), 'the page shows nothing of it');
    }
    const count = told.summaries.length;
    await until(() => told.summaries.length > count + 3, 'the home goes on');
    oven.close();
    screen.close();
  });

  await check('the bus page says who is joined, as what and since when; a guest is told who may read it', async () => {
    await go(page, 'bus');
    const rows = page.getByTestId('session');
    await rows.first().waitFor({ timeout: 15_000 });
    const there = await rows.evaluateAll((all) => all.map((one) => [one.dataset.principal, one.dataset.role, one.innerText]));
    const roles = Object.fromEntries(there);
    same(
      [`${home}/inverter`, `${home}/~guest`].map((one) => roles[one]),
      ['inverter', 'viewer'],
      'roles',
    );
    same(
      there.filter(([, , text]) => /\byou\b/.test(text)).map(([, role]) => role),
      ['admin'],
      'whose session is mine',
    );
    holds(
      there.every(([, , text]) => new RegExp(`${new Date().getFullYear()}`).test(text)),
      'since when',
    );
    await go(other.page, 'bus');
    await other.page.getByTestId('no-sessions').waitFor();
    await go(other.page, 'live');
  });

  await check('A-38 a chosen message shows its device, and the way to it on the canvas', async () => {
    await go(page, 'bus');
    await filter('^panel\\.offered$');
    await message().first().click({ timeout: 30_000 });
    await page.locator('[data-device="panel"]').click();
    await page.locator('.node.f-selected[data-id="panel"]').waitFor();
    await page.locator('jb-properties h2', { hasText: 'panel' }).waitFor();
    await go(page, 'bus');
  });

  await check('A-38 the console makes a form of the specification, shows an answer and an error, and markup is text', async () => {
    await page.getByLabel('Procedure').fill(`joulebus.${home}.historian.energy`);
    await page.getByLabel('Procedure').blur();
    await page.locator('jb-console select').first().waitFor();
    await page.locator('jb-console label', { hasText: /^by / }).locator('select').selectOption('flow');
    same(await page.getByLabel('Arguments, as a JSON object').inputValue(), '{"by":"flow"}', 'arguments');
    const answer = () => page.getByTestId('answer');
    const calls = await callsWhile(told, 'historian.energy', async () => {
      await page.getByTestId('ask').click();
      await until(async () => (await answer().count()) && /"series"/.test(await answer().innerText()), 'an answer', 30);
    });
    same(
      calls.map(({ ask }) => ask),
      [{ by: 'flow' }],
      'asked',
    );
    await page.getByLabel('Procedure').fill(`joulebus.${home}.home.add`);
    await page.getByLabel('Procedure').blur();
    await page.getByLabel('Arguments, as a JSON object').fill(JSON.stringify({ name: MARKUP, kind: 'tv' }));
    await page.getByTestId('ask').click();
    await until(async () => /<img/.test(await answer().innerText()), 'it says what was wrong', 30);
    same(await page.locator('img').count(), 0, 'images');
    await go(page, 'compose');
    await node(page, 'oven').waitFor();
  });
}
