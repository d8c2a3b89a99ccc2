// Energy: tiles, arrows, sentences, and the Sankey say the same of one tick.
import { check, go, holds, pause, same, until, watts } from './checks.mjs';

const ROUNDED = 0.006;
/** So long after the last word it is drawn at the latest. */
const DRAWN_MILLISECONDS = 700;

export async function flow({ page, told }, owner) {
  const paused = () => page.locator('header').getByText('paused').count();
  const shown = () =>
    page.locator('jb-flow-diagram [data-flow]').evaluateAll((all) => all.map((one) => [one.dataset.flow, Number(one.dataset.w)]));
  const shownSolar = async () => (await shown()).reduce((all, [name, value]) => (/^sun>(?!heat)/.test(name) ? all + value : all), 0);
  const near = (a, b) => Math.abs(a - b) <= Math.max(6, ROUNDED * Math.max(a, b));

  await check('A-20 tiles, arrows and the last word of the home say the same, and nothing is lost', async () => {
    await page.getByTestId('pause').click();
    await until(paused, 'paused');
    await until(async () => told.summaries.at(-1).word.paused, 'the last word says so');
    // The page draws a word a moment after it came.
    const found = async () => {
      const word = told.summaries.at(-1).word;
      const arrows = Object.fromEntries((await shown()).filter(([, value]) => value > 0));
      const known = Object.fromEntries(Object.entries(word.flow_watts).filter(([name]) => name in arrows || !name.endsWith('>heat')));
      return { word, arrows: sorted(arrows), known: sorted(known) };
    };
    await until(
      async () => (({ arrows, known }) => JSON.stringify(arrows) === JSON.stringify(known))(await found()),
      'it is drawn',
      3,
    ).catch(() => undefined);
    const { word, arrows, known } = await found();
    same(arrows, known, 'the arrows');
    const sum = (counts) =>
      Object.entries(word.flow_watts).reduce((all, [name, value]) => (counts(...name.split('>')) ? all + value : all), 0);
    const tile = async (name) => watts(await page.locator(`[data-tile="${name}"] .value`).innerText());
    const solar = sum((source) => source === 'sun');
    const panels = -Object.entries(word.power_watts).reduce((all, [name, value]) => (name.startsWith('panel') ? all + value : all), 0);
    holds(near(await tile('Solar'), solar), `the tile of solar says ${await tile('Solar')}, the home ${solar}`);
    holds(
      near(
        await tile('Home'),
        sum((_, sink) => sink === 'loads'),
      ),
      'the tile of the home',
    );
    holds(near(solar, panels), `solar is ${solar}, its panels ${panels} W`);
    same(
      await shownSolar(),
      sum((source, sink) => source === 'sun' && sink !== 'heat'),
      'the arrows that begin at the sun',
    );
  });

  await check('A-20 in every tick that was shown, what is given is what is taken and lost', async () => {
    holds(told.summaries.length > 50, `${told.summaries.length} ticks`);
    for (const { word } of told.summaries) {
      const powers = [...Object.values(word.power_watts), word.others_watts ?? 0];
      const [given, taken] = [-1, 1].map((sign) => powers.reduce((all, value) => all + Math.max(0, sign * value), 0));
      const flows = Object.entries(word.flow_watts);
      const all = flows.reduce((sum, [, value]) => sum + value, 0);
      const lost = flows.reduce((sum, [name, value]) => (name.endsWith('>heat') ? sum + value : sum), 0);
      const slack = 0.01 * given + 10;
      // What gives and takes within the seconds of one word has one power, and flows of both directions.
      const through = (counts) => flows.reduce((sum, [name, value]) => (counts(...name.split('>')) ? sum + value : sum), 0);
      const battery = Math.min(
        through((source) => source === 'battery'),
        through((_, sink) => sink === 'battery'),
      );
      const grid = Math.min(
        through((source) => source === 'grid'),
        through((_, sink) => sink === 'export'),
      );
      holds(Math.abs(given - taken - lost) <= slack, `${word.time}: ${given} W given, ${taken} W taken, ${lost} W lost`);
      const turned = battery + grid;
      holds(Math.abs(given + turned - all) <= slack, `${word.time}: ${given} W given, ${turned} W gone again, ${all} W flow`);
    }
  });

  await check('sun, weather, price and reasons are those of the last word', async () => {
    // Numbers are drawn twice a second: the last word may not be there yet.
    const says = (told, text) => until(async () => (await page.locator(told).innerText()).includes(text), `${told} says ${text}`);
    const word = () => told.summaries.at(-1).word;
    await says('[data-told="price"] dd', (word().prices.import_micro_euro_per_kwh / 1e6).toFixed(3));
    await says('[data-told="sun"] dd', (word().sky.elevation_udeg / 1e6).toFixed(0));
    for (const reason of word().reasons) await says('[data-testid="reasons"]', reason);
    await page.getByTestId('pause').click();
    await until(async () => !(await paused()), 'time goes on');
  });

  await check('A-25 the cost is to the cent what the historian has billed, and a credit is in words', async () => {
    await page.getByTestId('pause').click();
    await until(paused, 'paused');
    const { tick } = await until(() => told.summaries.at(-1).word.paused && told.summaries.at(-1).word, 'paused');
    const billed = await until(async () => {
      const totals = await owner.call('historian.totals');
      return totals.tick === tick && totals;
    }, 'the historian has all of it');
    same(told.summaries.at(-1).word.cost_micro_euro, billed.cost_micro_euro, 'what the screen and the historian have counted');
    const cents = Math.round(
      (await until(() => told.summaries.at(-1).word.paused && told.summaries.at(-1).word, 'paused')).cost_micro_euro / 10_000,
    );
    await pause(DRAWN_MILLISECONDS);
    const text = await page.locator('[data-tile="Cost"] .value').innerText();
    holds(text.startsWith((Math.abs(cents) / 100).toFixed(2)), `it says ${text} for ${cents} cents`);
    same([text.includes('credit'), /[-−]/.test(text)], [cents < 0, false], text);
    await page.getByTestId('pause').click();
  });

  await check('A-24 now is power, and since it began is energy', async () => {
    await go(page, 'energy');
    const text = () => page.getByTestId('sankey').locator('.amount').first().textContent();
    await until(async () => /W$/.test(await text()), 'a power');
    await page.getByRole('button', { name: 'Since it began' }).click();
    await until(async () => /Wh$/.test(await text()), 'an energy');
    holds(page.url().includes('span=all'), 'the span is in the address');
  });

  await check('A-23 the Sankey names every source and sink, with the numbers of the home, and nothing overlaps', async () => {
    await go(page, 'energy?span=now');
    await page.getByTestId('pause').click();
    await until(paused, 'paused');
    await pause(DRAWN_MILLISECONDS);
    const word = await until(() => told.summaries.at(-1).word.paused && told.summaries.at(-1).word, 'the last word');
    const bands = await page
      .getByTestId('sankey')
      .locator('[data-flow]')
      .evaluateAll((all) => all.map((one) => [one.dataset.flow, Number(one.dataset.amount)]));
    const drawn = Object.fromEntries(bands.filter(([name]) => name in word.flow_watts));
    same(sorted(drawn), sorted(Object.fromEntries(Object.entries(word.flow_watts).filter(([, value]) => value > 0))), 'the bands');
    const boxes = await page
      .getByTestId('sankey')
      .locator('text')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
    const overlap = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4;
    holds(!boxes.some((a, i) => boxes.slice(i + 1).some((b) => overlap(a, b))), 'two names overlap');
    await page.getByTestId('pause').click();
  });
}

function sorted(found) {
  return Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1));
}
