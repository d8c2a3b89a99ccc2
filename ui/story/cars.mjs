// node story/cars.mjs ADMIN GUEST: the page Cars of a living home with two cars, a charger and a program, in two real browsers; results go to
// standard output as JSON.
import { launch } from '../tools/browser.mjs';
import { looks } from './axe.mjs';
import { check, go, holds, node, results, same, seconds, time, until, watch } from './checks.mjs';

const [, , adminAddress, guestAddress] = process.argv;
const READY_BY = '14:30';
/** A text with common blanks between numbers and their units. */
const plain = (text) => text.replaceAll(/\s/g, ' ');
const browser = await launch();
const open = async (address, locale = 'en-GB') => {
  const context = await browser.newContext({ viewport: { width: 1360, height: 1000 }, locale });
  const page = await context.newPage();
  const complaints = await watch(page);
  await page.goto(address);
  await page.getByTestId('simulated-time').waitFor();
  return { page, complaints };
};
const { page, complaints } = await open(adminAddress);
const other = await open(guestAddress);
const told = (text) => page.locator('.toast', { hasText: text }).last().waitFor();
const of = (where, car, id) => where.locator(`[data-car="${car}"]`).getByTestId(id);
const text = async (where, car, id) => plain(await of(where, car, id).innerText());
const write = async (field, value) => {
  await field.fill(value);
  await field.blur();
};
const fly = async (speed) => {
  await page.getByTestId('speed').selectOption(String(speed));
};
const remove = async (name) => {
  await node(page, name).click();
  await page.getByTestId('remove').click();
  await node(page, name).waitFor({ state: 'detached' });
};
const percent = async (car) => Number.parseFloat(await of(page, car, 'level').innerText());

await go(page, 'cars');
await go(other.page, 'cars');

await check('a car is shown with what flows, its charger and its next departure', async () => {
  await of(page, 'car_anna', 'level').waitFor();
  await until(async () => /^\d+ %$/.test(await text(page, 'car_anna', 'level')), 'how full it is');
  await until(async () => /charging with|waits/.test(await text(page, 'car_anna', 'flow')), 'what it does');
  await until(async () => / A on one phase/.test(await text(page, 'car_anna', 'charger')), 'what its charger lets through');
  await until(async () => /kWh; target 60 %, minimum 20 %/.test(await text(page, 'car_anna', 'content')), 'its gauge in words');
  holds(
    /17:00: leaves for 1 h and 20 km, and needs \d+ %/.test(await text(page, 'car_anna', 'departures')),
    await text(page, 'car_anna', 'departures'),
  );
  await page.locator('[data-car="car_anna"] jb-line-chart path.battery').waitFor();
});

await check('a car without a charger says what is missing', async () => {
  same(await text(page, 'car_ben', 'place'), 'without a charger', 'where it is');
  holds((await text(page, 'car_ben', 'plan')).includes('No charger serves this car'), await text(page, 'car_ben', 'plan'));
  same(await of(page, 'car_ben', 'amps').count(), 0, 'fields of a charger');
});

await check('what is set of a car and its charger another browser sees, and a guest only looks', async () => {
  await write(of(page, 'car_anna', 'minimum_percent'), '25');
  await of(page, 'car_anna', 'set-car').click();
  await told('car_anna is changed from tick');
  await until(async () => (await of(other.page, 'car_anna', 'minimum_percent').inputValue()) === '25', 'the other sees it');
  holds(await of(other.page, 'car_anna', 'minimum_percent').isDisabled(), 'a guest may write');
  holds(await of(other.page, 'car_anna', 'set-car').isDisabled(), 'a guest may set');
  holds((await text(other.page, 'car_anna', 'looks-only')).includes('You look, and change nothing'), 'nobody says so');
  holds(await other.page.getByTestId('set-program').isDisabled(), 'a guest may set the program');
  holds((await text(page, 'car_anna', 'steered')).includes('program'), 'nobody says who sets the target again');
});

await check('what cannot be is refused at its field, and discarded', async () => {
  await write(of(page, 'car_anna', 'amps'), '3');
  await of(page, 'car_anna', 'set-charger').click();
  await page.locator('[data-car="car_anna"] .field [role="alert"]').first().waitFor();
  same(await of(page, 'car_anna', 'amps').getAttribute('aria-invalid'), 'true', 'the field is marked');
  await page.locator('[data-car="car_anna"]').getByRole('button', { name: 'Discard' }).last().click();
  await until(async () => (await of(page, 'car_anna', 'amps').getAttribute('aria-invalid')) === 'false', 'the field is marked no more');
});

await check('A-30 a car is plugged in, a target of 80 % by a time is set, and its plan is a sentence', async () => {
  same(await text(page, 'car_anna', 'place'), 'plugged in', 'where it is');
  holds((await percent('car_anna')) < 80, 'it has its target already');
  await write(page.getByTestId('program-target_percent'), '80');
  await write(page.getByTestId('program-ready_by'), READY_BY);
  await page.getByTestId('set-program').click();
  await told('car_program is changed from tick');
  await until(
    async () => (await text(other.page, 'car_anna', 'departures')).includes(`${READY_BY}: ready with 80 %`),
    'the other browser sees by when it is ready',
  );
  const plan = await until(
    async () => {
      const found = await text(page, 'car_anna', 'plan');
      return /^It (charges|waits).*its trip needs [\d.]+ kWh in [\d.]+ h.*\(rule [1-6] of 6\)/.test(found) && found;
    },
    'the plan for this departure',
    40,
  );
  holds(plan.includes('Looked at: the sun leaves'), plan);
});

await check('A-30 at the departure the car has its 80 %, or the page says why not', async () => {
  await fly(3600);
  await until(async () => seconds(await time(page)) > seconds(`${READY_BY}:00`), 'the time of departure has passed', 40);
  await fly(60);
  const last = of(page, 'car_anna', 'last');
  await until(async () => (await text(page, 'car_anna', 'last')).includes(`${READY_BY}: it had`), 'the departure that has passed', 30);
  const had = Number(await last.getAttribute('data-had'));
  const isReady = (await last.getAttribute('data-ready')) === 'true';
  same(isReady, had >= 79.5, `ready with ${had} %`);
  holds(isReady || (await of(page, 'car_anna', 'why').innerText()).length > 10, `${had} % without a reason`);
  same(isReady, true, `a car that had two hours and a half is ready with ${had} %`);
  await until(async () => (await percent('car_anna')) === 80, 'its gauge says so, too');
});

await check('A-30 a car that is not plugged in is not ready, and the page says so', async () => {
  await of(page, 'car_anna', 'plugged_in').uncheck();
  await of(page, 'car_anna', 'set-car').click();
  await until(async () => (await text(other.page, 'car_anna', 'place')) === 'not plugged in', 'the other sees it');
  await write(page.getByTestId('program-target_percent'), '100');
  await write(page.getByTestId('program-ready_by'), '14:30; 15:30');
  await page.getByTestId('set-program').click();
  await fly(3600);
  await until(async () => seconds(await time(page)) > seconds('15:30:00'), 'the second time has passed', 40);
  await fly(60);
  await until(async () => (await text(page, 'car_anna', 'last')).includes('15:30: it had only'), 'the departure that has passed', 30);
  same(await text(page, 'car_anna', 'why'), 'it is not plugged in', 'why');
});

await check('a car that has left is on the road until it comes back', async () => {
  await of(page, 'car_anna', 'plugged_in').check();
  await of(page, 'car_anna', 'set-car').click();
  await fly(900);
  await until(async () => seconds(await time(page)) > seconds('16:50:00'), 'it is late enough', 40);
  await fly(300);
  await until(
    async () => (await text(page, 'car_anna', 'place')) === 'on the road',
    `it has left at ${await time(page)}, and ${await text(page, 'car_anna', 'flow')}`,
    30,
  );
  await fly(1);
  const flow = await text(page, 'car_anna', 'flow');
  holds(/on the road until .* 18:00/.test(flow), flow);
});

await check('all of it is said in German', async () => {
  const german = await open(guestAddress.replace('#', 'de/#'), 'de-DE');
  await go(german.page, 'cars');
  await until(async () => /^unterwegs bis/.test(await text(german.page, 'car_anna', 'flow')), 'where it is');
  const said = await until(
    async () => {
      const found = await text(german.page, 'car_anna', 'plan');
      return /^Es wartet: es ist nicht angesteckt \(Regel 6 von 6\)/.test(found) && /von der Sonne bleiben \d+,\d+ kW/.test(found) && found;
    },
    `the plan, which is "${await text(german.page, 'car_anna', 'plan')}"`,
  );
  holds(!/[a-z] (the|because|costs) /.test(said), said);
  holds(
    plain(await of(german.page, 'car_anna', 'departures').innerText()).includes('17:00: fährt für 1 h und 20 km und braucht'),
    'its departures',
  );
  same(german.complaints, [], 'complaints');
  await german.page.context().close();
});

await looks(other.page, ['cars']);

await check('a home without cars says so, and without a program, too', async () => {
  await go(page, 'compose');
  for (const name of ['car_program', 'car_anna', 'car_ben']) {
    await remove(name);
    if (name !== 'car_program') continue;
    await until(async () => (await other.page.getByTestId('no-program').count()) === 1, 'there is no program');
  }
  await until(() => other.page.getByText('This home has no car; the page Compose adds one.').count(), 'there is no car');
});

await check('A-49 the policy has forbidden nothing, and no script has failed', async () => {
  same([...complaints, ...other.complaints], [], 'complaints');
});

await browser.close();
console.log(JSON.stringify(results));
