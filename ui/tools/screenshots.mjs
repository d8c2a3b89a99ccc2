// node tools/screenshots.mjs ADDRESS FOLDER [PAGE...]: each page in both themes and at 390 px, as PNG. ADDRESS is what
// `joulebus access link --page` prints. What a page says in its console, and what its policy forbids, is printed.
import { mkdirSync } from 'node:fs';
import { launch } from './browser.mjs';

const [, , address, folder, ...wanted] = process.argv;
const PAGES = wanted.length ? wanted : ['live', 'compose', 'energy', 'history', 'bus', 'system'];
const VIEWS = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1360, height: 860 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1360, height: 860 } },
  { name: 'phone', colorScheme: 'light', viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
];
const SETTLE_MILLISECONDS = 2500;

mkdirSync(folder, { recursive: true });
const browser = await launch();
for (const { name, ...view } of VIEWS) {
  const context = await browser.newContext({ ...view, serviceWorkers: 'block' });
  const page = await context.newPage();
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && console.log(name, message.text()));
  page.on('pageerror', (error) => console.log(name, String(error)));
  await page.goto(address);
  await page.getByTestId('simulated-time').waitFor();
  for (const path of PAGES) {
    await page.evaluate((where) => (location.hash = where), `#/${path}`);
    await page.waitForTimeout(SETTLE_MILLISECONDS);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) console.log(name, path, `is ${wide} px too wide`);
    await page.screenshot({ path: `${folder}/${path}-${name}.png`, fullPage: name === 'phone' });
  }
  await context.close();
}
await browser.close();
