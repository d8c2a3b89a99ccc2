// node story/glance.mjs OPERATOR GUEST: a look at a living home in real browsers, wherever it is served; results go to standard output as JSON.
import { launch } from '../tools/browser.mjs';
import { check, holds, results, same, until, watch } from './checks.mjs';

const [, , operatorAddress, guestAddress] = process.argv;
const browser = await launch();
const open = async (address) => {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 } });
  const page = await context.newPage();
  const complaints = await watch(page);
  await page.goto(address);
  await page.getByTestId('simulated-time').waitFor();
  return { page, complaints };
};
const time = (page) => page.getByTestId('simulated-time').locator('strong').innerText();

const operator = await open(operatorAddress);
const guest = await open(guestAddress);

await check('time moves before a guest', async () => {
  same(await guest.page.getByTestId('connection').innerText(), 'viewer', 'role');
  const before = await time(guest.page);
  await until(async () => (await time(guest.page)) !== before, 'another time');
  await guest.page.locator('jb-flow-diagram').waitFor();
});

await check('a guest may not pause', async () => {
  holds(await guest.page.getByTestId('pause').isDisabled(), 'a viewer may pause');
});

await check('an operator pauses, and the guest sees it', async () => {
  const paused = () => guest.page.locator('header').getByText('paused').count();
  await operator.page.getByTestId('pause').click();
  await until(paused, 'the guest sees the pause');
  await operator.page.getByTestId('pause').click();
  await until(async () => !(await paused()), 'time goes on');
});

await check('no page complains', async () => same([...operator.complaints, ...guest.complaints], [], 'complaints'));

if (process.env.PICTURE) await operator.page.screenshot({ path: process.env.PICTURE });
await browser.close();
console.log(JSON.stringify(results));
