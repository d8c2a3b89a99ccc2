// node tools/screenshots.mjs ADDRESS FOLDER [PAGE...]: each page in both themes and languages, at 390 px, 1360 px and 4K, as PNG.
// ADDRESS is what `joulebus access link --page` prints. What a page says in its console, what its policy forbids, and what is wider than its
// window, is printed.
import { mkdirSync, readFileSync } from 'node:fs';
import { launch } from './browser.mjs';

const [, , address, folder, ...wanted] = process.argv;
const listed = readFileSync(new URL('../src/app/pages/pages.ts', import.meta.url), 'utf8').matchAll(/path: '([a-z-]+)'/g);
const PAGES = wanted.length ? wanted : [...listed].map((one) => one[1]);
const DESK = { viewport: { width: 1360, height: 860 } };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 };
const WALL = { viewport: { width: 3840, height: 2160 } };
const VIEWS = [
  { name: 'light', colorScheme: 'light', ...DESK },
  { name: 'dark', colorScheme: 'dark', ...DESK },
  { name: 'german', colorScheme: 'light', german: true, ...DESK },
  { name: 'phone', colorScheme: 'light', ...PHONE },
  { name: 'phone-german', colorScheme: 'dark', german: true, ...PHONE },
  { name: 'wall', colorScheme: 'light', ...WALL },
];
const SETTLE_MILLISECONDS = 2500;

mkdirSync(folder, { recursive: true });
const browser = await launch();
for (const { name, german, ...view } of VIEWS) {
  const context = await browser.newContext({ ...view, locale: german ? 'de-DE' : 'en-GB', serviceWorkers: 'block' });
  const page = await context.newPage();
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && console.log(name, message.text()));
  page.on('pageerror', (error) => console.log(name, String(error)));
  await page.goto(german ? address.replace('#', 'de/#') : address);
  await page.getByTestId('simulated-time').waitFor();
  for (const path of PAGES) {
    await page.evaluate((where) => (location.hash = where), `#/${path}`);
    await page.waitForTimeout(SETTLE_MILLISECONDS);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) console.log(name, path, `is ${wide} px too wide`);
    await page.screenshot({ path: `${folder}/${path}-${name}.png`, fullPage: name.startsWith('phone') });
  }
  await context.close();
}
await browser.close();
