// Composing: what is dropped, moved and removed is asked of the home once, and seen by everybody. In the words of the list, a device is
// created by `home.add`, updated by `layout.set` (its place) and by its own `set`, scaled by `home.switch`.
import { readFileSync } from 'node:fs';
import { check, go, holds, node, pause, same, until } from './checks.mjs';
import { hands, middle, overlaps } from './hands.mjs';

const NEAR_PIXELS = 20;
const STARTS_SECONDS_MAX = 20;
const SEEN_SECONDS_MAX = 1;

export async function composition({ page, told }, other, third, { isShort, pids, owner }) {
  const mine = hands(page);
  const theirs = hands(other.page);
  const lives = (name) => {
    const pid = JSON.parse(readFileSync(pids, 'utf8'))[name];
    return pid > 0 && process.kill(pid, 0);
  };
  const inBoth = (name) => Promise.all([page, other.page].map((one) => node(one, name).waitFor({ timeout: 1000 * STARTS_SECONDS_MAX })));
  const inNone = async (name) => !(await node(page, name).count()) && !(await node(other.page, name).count());
  const settle = () => page.evaluate(() => new Promise(requestAnimationFrame));

  const arranged = async () => {
    const before = told.calls.length;
    await page.getByRole('button', { name: 'Arrange' }).click();
    await until(() => told.calls.slice(before).some(({ name }) => name === 'layout.set'), 'places are asked for');
    await until(async () => !(await overlaps(page.locator('.node'))).length, 'nothing lies over anything');
    const where = async () =>
      JSON.stringify(await page.locator('.node').evaluateAll((all) => all.map((one) => one.getBoundingClientRect())));
    await until(async () => {
      const seen = await where();
      await pause(200);
      return seen === (await where());
    }, 'all of them stand where they are');
  };

  await go(page, 'compose');
  await node(page, 'inverter').waitFor();
  await go(other.page, 'compose');
  await page.evaluate(noteStates);
  const kinds = await page.locator('.palette [data-kind]').evaluateAll((all) => all.map((one) => one.dataset.kind));

  await check('A-02 a drop outside of the canvas, and Escape, ask nothing', async () => {
    const before = told.calls.length;
    await mine.drag(await middle(mine.item('tv')), { x: 700, y: 25 });
    const from = await middle(mine.item('tv'));
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + 400, from.y, { steps: 8 });
    await page.keyboard.press('Escape');
    await page.mouse.move(20, 400, { steps: 3 });
    await page.mouse.up();
    await settle();
    same(
      told.calls.slice(before).filter(({ name }) => /^home\.add|^layout/.test(name)),
      [],
      'calls',
    );
  });

  // Those that later checks ask for are always among them.
  for (const [index, kind] of (isShort ? ['tv', 'lights', 'fridge'] : kinds).entries()) {
    await check(`A-01 a kind dropped on the canvas is asked for once, starts at that place, and runs: ${kind}`, async () => {
      const canvas = await page.locator('f-flow').boundingBox();
      const half = await mine.item(kind).boundingBox();
      const to = { x: canvas.x + 120 + 210 * (index % 4), y: canvas.y + canvas.height - 70 - 90 * Math.floor(index / 4) };
      const before = new Set(await mine.names());
      const calls = told.calls.length;
      const wanted = await mine.onCanvas({ x: to.x - half.width / 2, y: to.y - half.height / 2 });
      await mine.drag(await middle(mine.item(kind)), to);
      const find = async () => (await mine.names()).find((one) => !before.has(one));
      const name = await until(find, 'a node appears', SEEN_SECONDS_MAX);
      same(await node(page, name).getAttribute('data-kind'), kind, 'kind');
      await until(async () => (await mine.state(name)) === 'running', 'it runs', STARTS_SECONDS_MAX);
      const asked = (call) =>
        told.calls
          .slice(calls)
          .filter((one) => one.name === call)
          .map((one) => one.ask);
      same(asked('home.add'), [{ name, kind }], 'what is asked for');
      const [{ devices }, ...more] = asked('layout.set');
      same([Object.keys(devices), more], [[name], []], 'what is placed');
      const [x, y] = [devices[name].x - wanted.x, devices[name].y - wanted.y].map(Math.abs);
      holds(x <= NEAR_PIXELS && y <= NEAR_PIXELS, `it is ${x}, ${y} away from where it was dropped`);
      same((await page.evaluate((name) => window.statesOf(name), name))[0], 'starting', 'its first state');
      await until(() => lives(name), 'its process lives');
      await node(other.page, name).waitFor({ timeout: 5_000 });
      same(await page.locator('.node').count(), before.size + 1, 'devices');
      await page.keyboard.press('Escape');
    });
  }

  await check('A-03 Enter on a kind adds a device at a free place and goes there, and the other browser sees it', async () => {
    await mine.item('tv').focus();
    await page.keyboard.press('Enter');
    await node(page, 'tv_2').waitFor({ timeout: 1000 * SEEN_SECONDS_MAX });
    const here = () => page.evaluate(() => [document.activeElement.tagName, document.querySelector('.node.f-selected')?.dataset.id]);
    await until(async () => JSON.stringify(await here()) === '["F-FLOW","tv_2"]', 'the canvas has the focus, and the device is chosen');
    await until(async () => (await mine.state('tv_2')) === 'running', 'it runs', STARTS_SECONDS_MAX);
    await inBoth('tv_2');
    same(
      (await overlaps(page.locator('.node'))).filter((pair) => pair.includes('tv_2')),
      [],
      'what lies over it',
    );
    same(await page.locator('h2', { hasText: 'tv_2' }).count(), 1, 'its properties are open');
  });

  await check(
    'A-05 what is moved is asked for once at the end, seen by the other at once, and stays when the page is loaded again',
    async () => {
      await page.keyboard.press('Escape');
      await page.locator('jb-properties').waitFor({ state: 'detached' });
      if (!isShort) await arranged(); // Of all kinds some were dropped over it.
      const from = await middle(node(page, 'oven'));
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      const before = told.calls.length;
      await page.mouse.move(from.x - 90, from.y + 40, { steps: 10 });
      const asked = () => told.calls.slice(before).filter(({ name }) => name === 'layout.set');
      await settle();
      same(asked().length, 0, 'calls before the end');
      await page.mouse.up();
      const place = await mine.place('oven');
      await until(async () => (await theirs.place('oven')) === place, 'the other sees it', SEEN_SECONDS_MAX);
      same(
        asked().map(({ ask }) => Object.keys(ask.devices)),
        [['oven']],
        'calls at the end',
      );
      await page.reload();
      await node(page, 'oven').waitFor({ timeout: 20_000 });
      await until(async () => (await mine.place('oven')) === place, `it is where it was put (${place})`);
    },
  );

  await check(
    'A-06 removed by button and by key it is gone in both with its edges; undo brings all of it back, redo removes it again',
    async () => {
      await mine.choose('tv_2');
      await mine.set({ power_watts: '77' });
      const [place, edges] = [await mine.place('tv_2'), await mine.edges('tv_2')];
      holds(edges.length > 0, 'it has edges');
      await page.getByTestId('remove').click();
      await until(() => inNone('tv_2'), 'it is gone in both');
      same([await mine.edges('tv_2'), await theirs.edges('tv_2')], [[], []], 'its edges');
      await mine.undo();
      await inBoth('tv_2');
      await until(async () => (await mine.state('tv_2')) === 'running', 'it runs', STARTS_SECONDS_MAX);
      same([await mine.place('tv_2'), await theirs.place('tv_2')], [place, place], 'its place');
      same([await mine.edges('tv_2'), await theirs.edges('tv_2')], [edges, edges], 'its edges');
      await mine.choose('tv_2');
      await until(async () => (await mine.property('power_watts').inputValue()) === '77', 'its power is what was set');
      await mine.redo();
      await until(() => inNone('tv_2'), 'it is gone again');
      const heard = await mine.edges('panel');
      holds(heard.includes('signal-sun-panel'), `the panel hears the sun (${heard})`);
      await node(page, 'panel').click();
      await page.keyboard.press('Delete');
      await until(() => inNone('panel'), 'the panel is gone in both');
      same(await theirs.edges('panel'), [], 'its edges');
      await mine.undo();
      await inBoth('panel');
      await until(async () => JSON.stringify(await theirs.edges('panel')) === JSON.stringify(heard), 'it hears whom it heard');
      await page.keyboard.press('Escape');
    },
  );

  await check('A-07 three that are chosen are removed together, and one undo brings all of them back', async () => {
    const three = ['tv', 'lights', 'fridge'];
    const all = await mine.names();
    await mine.choose('');
    await page.locator('.several summary').click();
    const box = (name) => page.locator('.several label', { hasText: new RegExp(`^${name}$`) }).locator('input');
    for (const name of three) await box(name).check();
    await page.locator('.several summary').click();
    same(
      (await page.locator('.node.f-selected').evaluateAll((found) => found.map((one) => one.dataset.id))).sort(),
      [...three].sort(),
      'chosen',
    );
    await page.getByTestId('remove-all').click();
    await until(async () => !(await theirs.names()).some((name) => three.includes(name)), 'they are gone', 30);
    await mine.undo();
    for (const name of three) await inBoth(name);
    await until(async () => JSON.stringify(await theirs.names()) === JSON.stringify(all), 'all are back', 30);
  });

  await check(
    'A-08 two add the same at once: one of them is refused in the words of the home, and each canvas is as the home is',
    async () => {
      await go(third.page, 'compose');
      await node(third.page, 'inverter').waitFor();
      await until(async () => (await hands(third.page).names()).length === (await mine.names()).length, 'both see the same');
      const both = [page, third.page];
      for (const one of both) await hands(one).item('tv').focus();
      const before = [told.calls.length, third.told.calls.length];
      await Promise.all(both.map((one) => one.keyboard.press('Enter')));
      const added = () =>
        [told, third.told]
          .map((one, index) => one.calls.slice(before[index]).find(({ name }) => name === 'home.add'))
          .filter((call) => call);
      await until(() => added().length === 2 && added().every((call) => call.answer || call.error), 'both are answered', 40);
      const refused = added().filter((call) => call.error);
      const said = refused.map((call) => call.error).join('; ');
      same([added()[0].ask.name === added()[1].ask.name, refused.length], [true, 1], `the same name, refused: ${said}`);
      const loser = added()[0].error ? page : third.page;
      await loser.locator('.toast.bad', { hasText: refused[0].error }).first().waitFor();
      const server = Object.keys((await owner.call('home.list')).devices).sort();
      for (const one of [...both, other.page])
        await until(async () => JSON.stringify(await hands(one).names()) === JSON.stringify(server), 'the canvas is as the home is');
    },
  );

  await check('A-08 a removal that the home refuses is said in its words, and nothing is gone', async () => {
    await page.keyboard.press('Escape');
    const all = await mine.names();
    const before = told.calls.length;
    await mine.choose('inverter');
    await page.getByTestId('remove').click();
    const refused = await until(() => told.calls.slice(before).find(({ name }) => name === 'home.remove')?.error, 'it is refused', 30);
    await page.locator('.toast.bad', { hasText: refused }).first().waitFor();
    same(await mine.names(), all, 'devices');
  });
}

/** In the page: which states a device was seen in, in their order. */
function noteStates() {
  const seen = {};
  const look = () => {
    for (const one of document.querySelectorAll('.node')) {
      const states = (seen[one.dataset.id] ??= []);
      const state = one.querySelector('.state').dataset.state;
      if (states.at(-1) !== state) states.push(state);
    }
  };
  new MutationObserver(look).observe(document.querySelector('f-flow'), { subtree: true, childList: true, attributes: true });
  window.statesOf = (name) => seen[name] ?? [];
}
