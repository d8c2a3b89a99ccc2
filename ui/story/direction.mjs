// What is set changes what flows: within a tick, in the right direction, and the inverter says why. `tick` events of the list are summaries here.
import { check, go, holds, pause, same, time, until } from './checks.mjs';
import { hands } from './hands.mjs';

const HOT = { timers: '["00:00-24:00"]', heat_capacity_joules_per_kelvin: '1000000', setpoint_celsius: '320', power_watts: '2200' };
const FULL_PPM = 995_000;
const NIGHT_UDEG = -6_000_000;
const DAY_SECONDS_MAX = 90;

export async function direction({ page, told }, other, owner) {
  const mine = hands(page);
  const theirs = hands(other.page);
  const last = () => told.summaries.at(-1).word;
  const isPaused = () => page.locator('header').getByText('paused').count();
  const flow = (name) => last().flow_watts[name] ?? 0;

  async function stop() {
    await page.getByTestId('pause').click();
    await until(isPaused, 'paused');
    await until(() => last().paused, 'the last word says so');
  }

  async function goOn() {
    await page.getByTestId('pause').click();
    await until(async () => !(await isPaused()), 'time goes on');
  }

  /** Time flies until something is so, and stands still then. */
  async function fly(isSo, what) {
    if (await isPaused()) await goOn();
    await page.getByTestId('speed').selectOption('3600');
    await until(isSo, what, DAY_SECONDS_MAX);
    await page.getByTestId('speed').selectOption('60');
    await stop();
    await pause(300);
    holds(isSo(), `${what}, also when time stands still`);
  }

  async function step() {
    const before = await time(page);
    await page.getByTestId('step').click();
    await until(async () => (await time(page)) !== before, 'one tick more');
  }

  /** Of the line between a device and the inverter: what it moves, and whether it runs against its drawing. */
  const line = (name) =>
    page
      .locator(`[data-edge="power-${name}"]`)
      .evaluate((one) => ({ watts: Number(one.dataset.w), isBack: one.classList.contains('back'), look: one.className }));
  const agrees = (name, isBack) =>
    until(async () => {
      const found = await line(name);
      return found.watts === (last().power_watts[name] ?? 0) && found.isBack === isBack(found.watts) && found;
    }, `the line of ${name} is as its last power`);

  await go(page, 'compose');
  await go(other.page, 'compose');
  await page.getByTestId('speed').selectOption('60');

  await check('A-12 a power that is set is on its line within two ticks, and in the field of the other browser', async () => {
    await mine.choose('oven');
    await theirs.choose('oven');
    await mine.set(HOT);
    await until(async () => (await mine.watts('oven')) === 2200, 'the oven takes 2200 W', 30);
    await stop();
    await mine.set({ power_watts: '3300' });
    for (let ticks = 0; ticks < 2 && (await mine.watts('oven')) !== 3300; ticks++) await step();
    same(await mine.watts('oven'), 3300, 'W within two ticks');
    await until(async () => (await theirs.property('power_watts').inputValue()) === '3300', 'the other shows 3300');
  });

  await check('A-22 lines run as their signs say, and turn within a tick when charging becomes discharging', async () => {
    const isGiving = (watts) => watts < 0;
    const isTaking = (watts) => watts > 0;
    const before = await agrees('battery', isGiving);
    await agrees('grid', isTaking);
    holds(before.watts < 0, `the battery gives (${before.watts} W)`);
    await mine.set({ power_watts: '1' });
    await step();
    const after = await agrees('battery', isGiving);
    await agrees('grid', isTaking);
    holds(after.watts > 0, `the battery takes after one tick (${after.watts} W)`);
    same([before.isBack, after.isBack], [true, false], 'against its drawing');
    await go(page, 'live');
    const words = page.locator('[data-tile="Battery"] .small');
    holds(/^charging|^in /.test(await words.innerText()), `the tile says ${await words.innerText()}`);
    await goOn();
  });

  await check('A-21 a full battery and more sun: the home exports, takes nothing from the grid, and says so', async () => {
    await fly(() => last().state_of_charge_ppm.battery >= FULL_PPM && flow('sun>export') > 0, 'the battery is full');
    const flows = await active(page);
    same([flows.includes('sun>export'), flows.filter((name) => /^(grid|battery)>/.test(name))], [true, []], 'what flows');
    const sentence = await page.getByTestId('decision').innerText();
    same([/of solar is exported/.test(sentence), /the (grid|battery) (supplies|charges)/i.test(sentence)], [true, false], sentence);
    same(await page.locator('[data-tile="Grid"] h2').textContent(), 'Grid, export', 'the tile');
  });

  await check('A-21 at night nothing comes from the sun, and the sentence says who gives', async () => {
    await fly(() => last().sky.elevation_udeg < NIGHT_UDEG, 'it is night');
    const flows = await active(page);
    same(
      flows.filter((name) => name.startsWith('sun>')),
      [],
      'flows of the sun',
    );
    const sentence = await page.getByTestId('decision').innerText();
    holds(!/solar/i.test(sentence), sentence);
    same(
      [/the battery supplies/i.test(sentence), /the grid supplies/i.test(sentence)],
      ['battery>loads', 'grid>loads'].map((name) => flows.includes(name)),
      sentence,
    );
    same(await page.locator('[data-told="sun"] dd').innerText(), 'down', 'the sun');
  });

  await check('A-21 an empty battery: the grid supplies the home, and the sentence says so', async () => {
    await owner.call('oven.set', { power_watts: 3300 });
    await fly(() => flow('grid>loads') > 1000 && !flow('battery>loads'), 'the battery is empty');
    const flows = await active(page);
    same(
      ['grid>loads', 'battery>loads', 'sun>export'].map((name) => flows.includes(name)),
      [true, false, false],
      'what flows',
    );
    const sentence = await page.getByTestId('decision').innerText();
    same([/the grid supplies the home/i.test(sentence), /the battery supplies/i.test(sentence)], [true, false], sentence);
  });

  await check('A-23 a battery charged from the grid is a band of the Sankey, and names keep their order over 20 ticks', async () => {
    if (await isPaused()) await goOn();
    await owner.call('inverter.set', { charge_from_grid: ['00:00-24:00'] });
    await go(page, 'energy?span=now');
    const band = page.getByTestId('sankey').locator('[data-flow="grid>battery"]');
    await band.waitFor({ timeout: 20_000 });
    const texts = () =>
      page
        .getByTestId('sankey')
        .locator('text')
        .evaluateAll((all) => all.map((one) => one.textContent.replace(one.querySelector('.amount').textContent, '').trim()));
    const first = await texts();
    holds(first.includes('Grid import') && first.includes('Battery'), first.join());
    const ticks = new Set();
    await until(async () => {
      ticks.add(last().tick);
      same(await texts(), first, 'names in their order');
      return ticks.size > 20;
    }, '20 ticks');
    await owner.call('inverter.set', { charge_from_grid: [] });
    await owner.call('oven.set', { power_watts: 2400 });
  });
}

/** Flows that are drawn, without those into heat. */
async function active(page) {
  const found = await page
    .locator('jb-flow-diagram [data-flow]')
    .evaluateAll((all) => all.map((one) => [one.dataset.flow, Number(one.dataset.w)]));
  return found.filter(([name, watts]) => watts > 0 && !name.endsWith('>heat')).map(([name]) => name);
}
