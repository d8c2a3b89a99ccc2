// The composition by keyboard alone: what the mouse does in, with the place that one is at never lost and always seen.
import { check, go, holds, node, same, until } from './checks.mjs';
import { hands } from './hands.mjs';

const STARTS_SECONDS_MAX = 20;
const TABS_MAX = 80;

export async function keyboard({ page, told }, folder) {
  const mine = hands(page);
  const press = async (...keys) => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await page.evaluate(() => new Promise(requestAnimationFrame));
      holds(await page.evaluate(() => document.activeElement && document.activeElement !== document.body), `${key} has lost the place`);
    }
  };
  const here = () =>
    page.evaluate(() => {
      const one = document.activeElement;
      const style = getComputedStyle(one);
      return {
        tag: one.tagName,
        kind: one.dataset.kind ?? '',
        id: one.id,
        test: one.dataset.testid ?? '',
        label: one.getAttribute('aria-label') ?? one.textContent.trim().slice(0, 20),
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0,
      };
    });
  /** Tab until one is somewhere; each place on the way shows where one is. */
  const tabTo = async (isThere, what, key = 'Tab') => {
    for (let step = 0; step < TABS_MAX; step++) {
      await press(key);
      const place = await here();
      holds(place.ring || place.tag === 'F-FLOW', `${place.tag} ${place.label} shows no ring`);
      if (isThere(place)) return place;
    }
    throw Error(`${what} is not reached in ${TABS_MAX} steps`);
  };
  const chosen = () => page.evaluate(() => document.querySelector('.node.f-selected')?.dataset.id);
  const callsOf = (since, name) => told.calls.slice(since).filter((call) => call.name === name);

  await go(page, 'compose');
  await node(page, 'oven').waitFor();
  await page.evaluate(() => document.querySelector('.skip').focus());

  let added = '';
  await check('A-45 by keyboard alone: a kind is reached, Enter adds it, and one is on it', async () => {
    await tabTo((place) => place.kind === 'tv', 'the TV of the palette');
    if (folder) await page.screenshot({ path: `${folder}/focus-ring.png` });
    const since = told.calls.length;
    await press('Escape');
    same(callsOf(since, 'home.add'), [], 'what Escape asks for');
    const before = new Set(await mine.names());
    await press('Enter');
    added = await until(async () => (await mine.names()).find((name) => !before.has(name)), 'a node appears');
    await until(async () => (await chosen()) === added && (await here()).tag === 'F-FLOW', 'one is on it');
    await until(async () => (await mine.state(added)) === 'running', 'it runs', STARTS_SECONDS_MAX);
    same(callsOf(since, 'home.add').length, 1, 'calls');
  });

  await check('A-45 by keyboard alone: arrows walk over the devices, Space and arrows move one, and it is asked for once', async () => {
    const [since, place] = [told.calls.length, await mine.place(added)];
    await press('Space', 'ArrowLeft', 'ArrowDown', 'ArrowDown', 'Space');
    await until(() => callsOf(since, 'layout.set').length, 'it is asked for');
    same(
      callsOf(since, 'layout.set').map(({ ask }) => Object.keys(ask.devices)),
      [[added]],
      'what is asked for',
    );
    await until(async () => (await mine.place(added)) !== place, 'it stands elsewhere');
    await press('ArrowUp');
    const above = await until(async () => (await chosen()) !== added && (await chosen()), 'another one is chosen');
    await press('ArrowDown');
    await until(async () => (await chosen()) !== above, 'one goes on from there');
    await mine.choose(added);
    await until(async () => (await chosen()) === added, 'it is chosen again');
  });

  await check('A-45 by keyboard alone: a property is written and set, and one stays in the form', async () => {
    await page.locator('jb-properties h2', { hasText: added }).waitFor();
    await mine.property('power_watts').waitFor();
    await page.evaluate(() => document.querySelector('f-flow').focus());
    await tabTo((place) => place.id === 'property-power_watts', 'the power');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('66');
    await press('Enter');
    await page.getByTestId('save').waitFor({ state: 'detached', timeout: 20_000 });
    same((await here()).id, 'property-power_watts', 'where one is');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('55');
    await tabTo((place) => place.test === 'save', 'Set');
    await press('Enter');
    await page.getByTestId('save').waitFor({ state: 'detached', timeout: 20_000 });
    await until(async () => ['INPUT', 'SELECT'].includes((await here()).tag), 'one is in the form');
  });

  await check('A-45 by keyboard alone: Delete removes it, undo and redo are keys and buttons, and the place is not lost', async () => {
    await page.evaluate(() => document.querySelector('f-flow').focus());
    same(await chosen(), added, 'chosen');
    await press('Delete');
    await until(async () => !(await node(page, added).count()), 'it is gone', 30);
    await press('ArrowRight', 'Control+z');
    await node(page, added).waitFor({ timeout: 30_000 });
    await until(async () => (await mine.state(added)) === 'running', 'it runs', STARTS_SECONDS_MAX);
    await press('Control+Shift+z');
    await until(async () => !(await node(page, added).count()), 'it is gone again', 30);
    await tabTo((place) => place.label === 'Undo', 'Undo', 'Shift+Tab');
    await press('Enter');
    await node(page, added).waitFor({ timeout: 30_000 });
    await until(async () => (await mine.state(added)) === 'running', 'it runs', STARTS_SECONDS_MAX);
    same((await here()).label, 'Undo', 'where one is');
    await mine.choose(added);
    await tabTo((place) => place.test === 'remove', 'Remove');
    await press('Enter');
    await until(async () => !(await node(page, added).count()), 'it is gone', 30);
    await until(async () => (await here()).tag === 'F-FLOW', 'one is on the canvas');
  });
}
