// How it looks to everybody: axe, 390 px, no motion, units, German.
import { readFileSync } from 'node:fs';
import { looks as lookAt } from './axe.mjs';
import { check, go, holds, pause, same, time, until } from './checks.mjs';

const LOOKS = 5;
/** The last one may be there still. */
const KEPT_MAX = 2;

export async function looks(pages, open, guestAddress) {
  const looker = await open(guestAddress);
  const { page } = looker;
  await lookAt(page, pages);

  await check('A-42 a page that is left leaves nothing behind', async () => {
    const developer = await page.context().newCDPSession(page);
    const elements = async () => {
      await developer.send('HeapProfiler.collectGarbage');
      return (await developer.send('Memory.getDOMCounters')).nodes;
    };
    const visit = async () => {
      await go(page, 'compose');
      await page.locator('jb-canvas .node').first().waitFor();
      await go(page, 'live');
      await page.locator('jb-flow-diagram').waitFor();
    };
    await visit();
    await visit();
    const before = await elements();
    await go(page, 'compose');
    await page.locator('jb-canvas .node').first().waitFor();
    const canvas = (await elements()) - before;
    for (let looks = 0; looks < LOOKS; looks++) await visit();
    const more = (await elements()) - before;
    holds(more < KEPT_MAX * canvas, `${LOOKS} looks at a canvas of ${canvas} elements left ${more} behind`);
  });

  await check('A-46 with reduced motion nothing moves', async () => {
    const still = await open(guestAddress, { reducedMotion: 'reduce' });
    for (const path of ['live', 'compose']) {
      await go(still.page, path);
      await still.page.locator('jb-flow-diagram, jb-canvas .node').first().waitFor();
      same(await still.page.evaluate(() => document.getAnimations().length), 0, `animations on ${path}`);
    }
    await still.page.context().close();
  });

  await check('A-46 with motion off in the settings nothing moves', async () => {
    await go(page, 'settings');
    await page.locator('[data-motion-choice="off"]').click();
    for (const path of ['live', 'compose']) {
      await go(page, path);
      await page.locator('jb-flow-diagram, jb-canvas .node').first().waitFor();
      same(await page.evaluate(() => document.getAnimations().length), 0, `animations on ${path}`);
    }
  });

  await check('A-46 a page that nobody sees is told nothing and not drawn again, and is right when somebody looks', async () => {
    await go(page, 'live');
    const turn = (isHidden) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, isHidden);
    await turn(true);
    await pause(500); // What was on its way is there.
    const [before, count] = [await time(page), looker.told.summaries.length];
    await pause(2000);
    same([await time(page), looker.told.summaries.length], [before, count], 'what is drawn, and how many words have come');
    await turn(false);
    await until(async () => (await time(page)) !== before, 'it is right again');
  });

  await check('the frame speaks German, and every page is found in it', async () => {
    const german = await open(guestAddress, { locale: 'de-DE' });
    await german.page.waitForURL(/\/de\//);
    same(await german.page.evaluate(() => document.documentElement.lang), 'de', 'language');
    const files = ['de', 'de.words', 'de.calls'].map((name) => new URL(`../src/locale/${name}.json`, import.meta.url));
    const translations = Object.assign({}, ...files.map((file) => JSON.parse(readFileSync(file, 'utf8'))));
    const whole = Object.keys(translations).filter((text) => !text.includes('{') && text.length > 14 && translations[text] !== text);
    await german.page.setViewportSize({ width: 390, height: 844 }); // German words are long.
    for (const path of pages) {
      await go(german.page, path);
      const text = await german.page.locator('body').innerText();
      same(
        whole.filter((one) => text.includes(one)),
        [],
        `English on ${path}`,
      );
      same(await german.page.evaluate(() => document.documentElement.scrollWidth), 390, `width of ${path}`);
    }
    await german.page.getByTestId('language').click();
    await until(async () => (await german.page.evaluate(() => document.documentElement.lang)) === 'en', 'English again');
    same(german.complaints, [], 'complaints');
    await german.page.context().close();
  });

  await check('why nobody is let in is said in German, and by the home alone', async () => {
    const { page } = await open(guestAddress, { locale: 'de-DE' });
    await page.waitForURL(/\/de\//);
    await page.getByTestId('sign-in').click();
    const dialog = page.locator('jb-sign-in dialog');
    await dialog.locator('input').first().fill('nobody');
    await dialog.locator('input').last().fill('wrong');
    await dialog.locator('button.main').click();
    same(await dialog.getByRole('alert').innerText(), 'Name oder Passwort von cabin/~nobody ist falsch', 'what is said');
    await page.context().close();
  });
  return looker;
}
