// How it looks to everybody: axe, 390 px, no motion, units, German.
import { readFileSync } from 'node:fs';
import { looks as lookAt } from './axe.mjs';
import { check, go, same, time, until } from './checks.mjs';

export async function looks(pages, open, guestAddress) {
  const looker = await open(guestAddress);
  const { page } = looker;
  await lookAt(page, pages);

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

  await check('A-46 a page that nobody sees is not drawn again, and is right when somebody looks', async () => {
    await go(page, 'live');
    const turn = (isHidden) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, isHidden);
    await turn(true);
    const [before, count] = [await time(page), looker.told.summaries.length];
    await until(() => looker.told.summaries.length > count + 5, 'words come');
    same(await time(page), before, 'what is drawn');
    await turn(false);
    await until(async () => (await time(page)) !== before, 'it is right again');
  });

  await check('the frame speaks German, and every page is found in it', async () => {
    const german = await open(guestAddress, { locale: 'de-DE' });
    await german.page.waitForURL(/\/de\//);
    same(await german.page.evaluate(() => document.documentElement.lang), 'de', 'language');
    const english = Object.keys(JSON.parse(readFileSync(new URL('../src/locale/de.json', import.meta.url), 'utf8')));
    const translations = JSON.parse(readFileSync(new URL('../src/locale/de.json', import.meta.url), 'utf8'));
    const whole = english.filter((text) => !text.includes('{') && text.length > 14 && translations[text] !== text);
    for (const path of pages) {
      await go(german.page, path);
      const text = await german.page.locator('body').innerText();
      same(
        whole.filter((one) => text.includes(one)),
        [],
        `English on ${path}`,
      );
    }
    await german.page.getByTestId('language').click();
    await until(async () => (await german.page.evaluate(() => document.documentElement.lang)) === 'en', 'English again');
    same(german.complaints, [], 'complaints');
    await german.page.context().close();
  });
  return looker;
}
