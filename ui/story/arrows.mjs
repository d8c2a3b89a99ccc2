// Connecting: an arrow from one device to another makes that one use its signals, through `home.hear` (in the words of the list, an edge is
// created). By mouse, and by keyboard on the canvas and in the properties.
import { check, go, node, same, until } from './checks.mjs';
import { hands, middle } from './hands.mjs';

const [TELLER, HEARER, EDGE] = ['weather', 'lights', 'signal-weather-lights'];
const HEARS_SECONDS_MAX = 20;
const ARROWS_MAX = 80;

export async function arrows({ page, told }, other, { isShort }) {
  const mine = hands(page);
  const theirs = hands(other.page);
  const heard = (since) =>
    told.calls
      .slice(since)
      .filter(({ name }) => name === 'home.hear')
      .map(({ ask }) => ask);
  const isSeen = async (isThere) =>
    (await Promise.all([mine, theirs].map((one) => one.edges(HEARER)))).every((edges) => edges.includes(EDGE) === isThere);
  const settled = (isThere) =>
    until(
      async () => (await isSeen(isThere)) && (await mine.state(HEARER)) === 'running',
      `${EDGE} is ${isThere ? 'there' : 'gone'}`,
      HEARS_SECONDS_MAX,
    );
  const draw = async (from, to) => {
    await node(page, from).hover();
    await mine.drag(await middle(node(page, from).locator('.right')), await middle(node(page, to).locator('.left')));
  };

  await go(page, 'compose');
  await node(page, HEARER).waitFor();
  await mine.choose('');
  await page.locator('jb-properties').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Fit' }).click();

  await check('A-04 an arrow that is drawn from one device to another is asked for once, and is a line in both browsers', async () => {
    const since = told.calls.length;
    await draw(TELLER, HEARER);
    await settled(true);
    same(heard(since), [{ name: HEARER, hears: [TELLER] }], 'calls');
    await page.locator(`[data-edge="${EDGE}"] path`).first().waitFor();
    same(await page.locator('jb-properties').count(), 0, 'properties that cover to whom it can go');
  });

  await check(
    'A-04 to itself, twice, and from one that says nothing, no arrow goes: the reason is said, and nothing is asked for',
    async () => {
      const since = told.calls.length;
      for (const [from, to, reason] of [
        [TELLER, TELLER, `${TELLER} cannot hear itself.`],
        [TELLER, HEARER, `${HEARER} hears ${TELLER} already.`],
        ['fridge', HEARER, 'fridge says nothing that others use'],
      ]) {
        await draw(from, to);
        await page.locator('.toast.bad', { hasText: reason }).first().waitFor();
      }
      same(heard(since), [], 'calls');
      await mine.undo();
      await settled(false);
    },
  );

  await check('A-04 by keyboard alone: C begins an arrow, arrows choose to whom, Enter draws it; the properties take it back', async () => {
    const since = told.calls.length;
    await mine.choose(TELLER);
    await page.locator(`.node.f-selected[data-id="${TELLER}"]`).waitFor();
    await page.evaluate(() => document.querySelector('f-flow').focus());
    await page.keyboard.press('c');
    await aimAt(page, HEARER);
    await page.keyboard.press('Enter');
    await settled(true);
    same(heard(since), [{ name: HEARER, hears: [TELLER] }], 'calls');
    if (isShort) return;
    await mine.choose(HEARER);
    await page.locator(`[data-hears="${TELLER}"]`).focus();
    await page.keyboard.press('Space');
    await settled(false);
    same(heard(since).at(-1), { name: HEARER, hears: [] }, 'the last call');
  });
}

/** Arrow keys until the line that is being drawn aims at a device: the way that leads nearer first, and from no device twice with the same key. */
async function aimAt(page, name) {
  const aim = () => page.locator('body > [role="status"]').evaluate((one) => one.textContent.split(',')[0]);
  const tried = new Set();
  for (let step = 0; step < ARROWS_MAX; step++) {
    const now = await aim();
    if (now === name) return;
    const [from, to] = [await middle(node(page, now)), await middle(node(page, name))];
    const [x, y] = [to.x - from.x, to.y - from.y];
    const across = x > 0 ? ['ArrowRight', 'ArrowLeft'] : ['ArrowLeft', 'ArrowRight'];
    const along = y > 0 ? ['ArrowDown', 'ArrowUp'] : ['ArrowUp', 'ArrowDown'];
    const [first, second] = Math.abs(x) > Math.abs(y) ? [across, along] : [along, across];
    const key = [first[0], second[0], second[1], first[1]].find((one) => !tried.has(`${now} ${one}`));
    if (!key) break;
    tried.add(`${now} ${key}`);
    await page.keyboard.press(key);
  }
  throw Error(`${name} is not aimed at in ${ARROWS_MAX} steps`);
}
