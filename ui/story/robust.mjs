// What dies while somebody looks: a device, the screen, the hub, the router. The list's simulator is our hub (in the inverter's process) and screen.
import { readFileSync } from 'node:fs';
import { check, go, holds, node, same, seconds, time, until } from './checks.mjs';
import { hands } from './hands.mjs';

const OLD_SECONDS_MAX = 5;
const OFFLINE_SECONDS_MAX = 3;
const BACK_SECONDS_MAX = 15;

export async function robust({ page, told }, { pids, address, speak }) {
  const mine = hands(page);
  const pidOf = (name) => JSON.parse(readFileSync(pids, 'utf8'))[name];
  const killed = (name, signal = 'SIGKILL') => process.kill(pidOf(name), signal);
  const link = () => page.getByTestId('connection').innerText();
  const stays = () => page.evaluate(() => (window.untouched = true));
  const untouched = async () => same(await page.evaluate(() => window.untouched), true, 'the same page');
  const goesOn = async (why, patience) => {
    const before = await time(page);
    await until(async () => seconds(await time(page)) !== seconds(before), why, patience);
  };
  /** The canvas is as the home is. */
  const asServer = async (patience) => {
    const owner = await speak('~owner');
    await until(
      async () => {
        const { devices } = await owner.call('home.list');
        return JSON.stringify(Object.keys(devices).sort()) === JSON.stringify(await mine.names());
      },
      'the canvas has the devices of the home',
      patience,
    );
    owner.close();
  };

  await check('a device hangs and is killed while somebody looks: the page names it, and time goes on when it is back', async () => {
    await go(page, 'compose');
    await node(page, 'oven').waitFor();
    killed('oven', 'SIGSTOP');
    await until(async () => ['missing', 'starting', 'slow'].includes(await mine.state('oven')), 'its badge says so', 15);
    killed('oven');
    await until(async () => (await mine.state('oven')) === 'running', 'it runs again', 40);
    await goesOn('time goes on', 30);
  });

  await check('A-19 the page says within 5 s that its data is old, and goes on by itself', async () => {
    await go(page, 'live');
    await stays();
    killed('screen', 'SIGSTOP');
    await until(async () => /data is \d+ s old/.test(await link()), 'it says so', OLD_SECONDS_MAX);
    killed('screen', 'SIGCONT');
    await until(async () => !/old/.test(await link()), 'it is fresh again', 30);
    await goesOn('time goes on', 30);
  });

  await check('A-19 the page says within 5 s that the hub does not answer', async () => {
    killed('inverter', 'SIGSTOP');
    await until(async () => /old|stood still/.test(await link()), 'it says so', OLD_SECONDS_MAX);
    killed('inverter', 'SIGCONT');
    await until(async () => !/old|stood still/.test(await link()), 'all is well again', 30);
    await goesOn('time goes on', 30);
  });

  await check('the hub is killed while somebody looks: time waits, and goes on without a new page', async () => {
    killed('inverter');
    await goesOn('time goes on', 60);
    await untouched();
  });

  await check(
    'A-41 hub and screen are restarted, the home is another one meanwhile, and the page shows it without being loaded again',
    async () => {
      await go(page, 'compose');
      await node(page, 'oven').waitFor();
      await stays();
      const owner = await speak('~owner');
      killed('screen', 'SIGSTOP');
      await owner.call('home.add', { name: 'kettle', kind: 'appliance' });
      await owner.call('home.switch', { name: 'oven', on: false });
      owner.close();
      killed('screen');
      killed('inverter');
      const isOther = async () => (await mine.names()).includes('kettle') && (await mine.state('oven')) === 'off';
      await until(isOther, 'it shows both', 60);
      await asServer(30);
      await goesOn('time goes on', 60);
      await untouched();
      await mine.choose('oven');
      await page.getByTestId('switch').click();
      await until(async () => (await mine.state('oven')) === 'running', 'it is on again', 40);
    },
  );

  await check('A-41 the screen is restarted from its page, and the picture goes on', async () => {
    await go(page, 'system');
    await page.getByRole('button', { name: 'Restart screen' }).click();
    await page.locator('.toast', { hasText: 'screen is being restarted' }).first().waitFor();
    await go(page, 'live');
    const before = await time(page);
    const isFresh = async () => seconds(await time(page)) > seconds(before) + 60 && !/old/.test(await link());
    await until(isFresh, 'time goes on', 60);
  });

  await check(
    'A-40 the router goes and comes: offline with a reason, back by itself with the home as it is, and nothing heard twice',
    async () => {
      await go(page, 'compose');
      await node(page, 'oven').waitFor();
      await stays();
      const subscribed = told.subscriptions.length;
      const before = pidOf('crossbar');
      killed('crossbar');
      await until(async () => /offline/.test(await link()), 'the page says that it is offline', OFFLINE_SECONDS_MAX);
      holds(await page.getByTestId('pause').isDisabled(), 'nobody can pause');
      same(await page.getByTestId('pause').getAttribute('title'), 'There is no connection to the home at this moment', 'why');
      holds(await mine.item('tv').isDisabled(), 'nobody can add');
      await until(() => pidOf('crossbar') !== before, 'another router', 60);
      await until(
        () =>
          fetch(address).then(
            (answer) => answer.ok,
            () => false,
          ),
        'it serves pages',
        60,
      );
      await until(async () => (await link()) === 'admin', 'the page is back', BACK_SECONDS_MAX);
      await goesOn('time goes on', 60);
      await asServer(30);
      await untouched();
      const again = told.subscriptions.slice(subscribed);
      same(again.length, new Set(again).size, `each topic is heard once (${again})`);
      const count = told.summaries.length;
      await until(() => told.summaries.length > count + 5, 'words come');
      const publications = told.summaries.slice(count).map((one) => one.publication);
      same(publications.length, new Set(publications).size, 'words that came once');
    },
  );
}
