// node story/market.mjs ADMIN GUEST FOLDER: the market of a living home in two real browsers. The market's fifth lesson is done by clicking;
// its certificate is saved into FOLDER. Results go to standard output as JSON.
import { decodeQR } from 'qr/decode.js';
import { launch } from '../tools/browser.mjs';
import { looks } from './axe.mjs';
import { check, go, holds, results, same, until, watch } from './checks.mjs';

const [, , adminAddress, guestAddress, folder] = process.argv;
const TABS = ['groups', 'contracts', 'order', 'prices', 'statement', 'seals'];

const browser = await launch();
const open = async (address) => {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 }, acceptDownloads: true, locale: 'en-GB' });
  const page = await context.newPage();
  const complaints = await watch(page);
  await page.goto(address);
  await page.getByTestId('simulated-time').waitFor();
  return { page, complaints };
};
const { page, complaints } = await open(adminAddress);
const other = await open(guestAddress);
const tab = (name) => page.locator(`[data-tab="${name}"]`).click();
const fill = (id, text) => page.getByTestId(id).fill(text);
const told = (text) => page.locator('.toast', { hasText: text }).first().waitFor();
const time = () => page.getByTestId('simulated-time').locator('strong').innerText();

await check('A-31 lesson 5: a meter, a group above it, and what it gave are booked by clicking', async () => {
  await go(page, 'market');
  await page.locator('[data-asset="house"]').waitFor();
  await page.getByTestId('speed').selectOption('60');
  await until(async () => (await time()) > '10:16', 'an epoch has ended', 90);
  await page.getByTestId('pause').click();
  await page.locator('header').getByText('paused').waitFor();
  await until(async () => (await page.getByTestId('epoch-says').innerText()).includes('10:00'), 'the epoch that has ended');
  await until(async () => !(await page.getByTestId('booked').innerText()).startsWith('0'), 'the home has booked it');
  await fill('asset-name', 'production1');
  await page.getByTestId('asset-type').selectOption('meter');
  await fill('asset-to', 'seller1');
  await page.getByTestId('asset-save').click();
  await told('production1 stands in the books');
  await fill('asset-name', 'seller1');
  await fill('asset-from', 'bigbalancer');
  await fill('asset-to', 'bigbalancer');
  await page.getByTestId('asset-save').click();
  await told('seller1 stands in the books');
  await page.locator('[data-asset="seller1"]').waitFor();
});

// Contracts between the same two may hold at the same time, one after the other by rank; what cannot be is one that ends before it begins.
await check(
  'A-31 lesson 5: a contract that cannot hold is refused where it is written, the right one is added, and the other browser sees it',
  async () => {
    await tab('contracts');
    await fill('contract-seller', 'seller1');
    await fill('contract-partner', 'buyer1');
    await fill('contract-energy', '200');
    await fill('contract-load-min', '0');
    await fill('contract-load-max', '20000');
    await fill('contract-from', '2026-06-26T10:00');
    await fill('contract-until', '2026-06-25T10:00');
    const count = await page.locator('tr[data-contract]').count();
    await page.getByTestId('contract-save').click();
    const wrong = await page.locator('form [role="alert"]').first().innerText();
    holds(wrong.length > 15, wrong);
    same(await page.locator('tr[data-contract]').count(), count, 'contracts');
    await fill('contract-from', '');
    await fill('contract-until', '');
    await page.getByTestId('contract-save').click();
    await told('is added');
    await go(other.page, 'market?tab=contracts');
    await other.page.locator('tr[data-contract]', { hasText: 'seller1 → buyer1' }).waitFor();
  },
);

await check('A-33 a guest looks at the market and changes nothing', async () => {
  holds(await other.page.getByTestId('contract-save').isDisabled(), 'a viewer may add');
  holds(await other.page.getByRole('button', { name: 'End sunshine' }).isDisabled(), 'a viewer may end');
  await go(other.page, 'market?tab=seals&asset=seller1');
  holds(await other.page.getByTestId('seal').isDisabled(), 'a viewer may seal');
});

await check('A-13 what is wrong is said, and nothing is booked', async () => {
  await tab('groups');
  await fill('book-meter', 'production1');
  await fill('book-wh', 'half');
  await page.getByTestId('book').click();
  const wrong = await page.getByRole('alert').first().innerText();
  holds(wrong.includes('must be a whole number of Wh') && wrong.includes('"half"'), wrong);
});

await check('A-32 the merit order is a stack that the line of the epoch clears', async () => {
  await fill('book-wh', '500');
  await page.getByTestId('book').click();
  await told('500 Wh of production1 are booked');
  await tab('order');
  await page.getByTestId('order-seller').selectOption('seller1');
  await until(async () => (await page.getByTestId('clearing').innerText()).includes('seller1 had 500'), 'what there was to deliver');
  const row = page.locator('tr[data-order]').first();
  same(
    (await row.locator('td.number').allInnerTexts()).slice(1).map((one) => one.replace(/\s/g, ' ')),
    ['200 Wh', '200 Wh'],
    'limit and served',
  );
});

await check('A-33 lesson 5: sealing asks first, and its four postings are 500, 500, 200 and 200 Wh', async () => {
  await go(page, 'market?tab=seals&asset=seller1');
  await page.getByTestId('posting').first().waitFor();
  await page.getByTestId('seal').click();
  await page.getByRole('button', { name: 'Leave it open' }).click();
  same(await page.locator('[data-testid="sealed"]').count(), 0, 'seals before it was confirmed');
  await page.getByTestId('seal').click();
  holds(await page.getByTestId('seal-confirm').isDisabled(), 'it is sealed without a reason');
  await page.getByTestId('seal-reason').fill('the epoch is over');
  await page.getByTestId('seal-confirm').click();
  await page.locator('[data-testid="sealed"][data-status="sealed"]').waitFor();
  holds((await page.getByTestId('sealed-by').innerText()).includes('the epoch is over'), 'the reason is not shown');
  const postings = await until(async () => {
    const found = await page.getByTestId('posting').evaluateAll((rows) => rows.map((row) => [row.dataset.kind, Number(row.dataset.wh)]));
    return found.length === 4 && found;
  }, 'four postings');
  same(
    postings.sort(([a], [b]) => (a < b ? -1 : 1)),
    [
      ['contract', 200],
      ['counter', 200],
      ['meter', 500],
      ['residual', 500],
    ],
    'postings',
  );
});

await check('lesson 5: a second seal is not another one', async () => {
  await page.getByTestId('seal').click();
  await page.getByTestId('seal-reason').fill('once more');
  await page.getByTestId('seal-confirm').click();
  await page.locator('[data-testid="sealed"][data-status="already_sealed"]').waitFor();
});

await check('the certificate is verified without asking anybody, and its QR code holds the same text', async () => {
  await page.getByTestId('certificate').first().click();
  await page.locator('[data-testid="verdict"][data-sound="true"]').waitFor();
  holds((await page.getByTestId('verdict').innerText()).includes('Signed with the key of this market'), 'whose key it is');
  const text = await page.getByTestId('certificate-text').inputValue();
  const code = await page.getByTestId('qr').evaluate((one) => ({
    size: Number(one.querySelector('rect').getAttribute('width')),
    path: one.querySelector('path').getAttribute('d'),
  }));
  same(decodeQR(imageOf(code)), text, 'what the code says');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as a file' }).click()]);
  await download.saveAs(`${folder}/certificate.json`);
});

await check('a certificate in which a digit was changed does not hold', async () => {
  const text = await page.getByTestId('certificate-text').inputValue();
  await page.getByTestId('certificate-text').fill(text.replace(',500,', ',501,'));
  await page.getByTestId('certificate-text').blur();
  await page.locator('[data-testid="verdict"][data-sound="false"]').waitFor();
});

await check('a contract is changed and ended', async () => {
  await tab('contracts');
  const row = page.locator('tr[data-contract]', { hasText: 'seller1 → buyer1' });
  await row.getByRole('button', { name: /^Change/ }).click();
  await fill('contract-total', '90000');
  await page.getByTestId('contract-save').click();
  await until(async () => (await row.innerText()).includes('90.0') || (await row.innerText()).includes('90 kWh'), 'its limit');
  await row.getByRole('button', { name: /^End/ }).click();
  await page.getByTestId('end-confirm').click();
  await until(async () => (await row.innerText()).includes('ended'), 'it is ended');
});

await check('a price that was set is seen by the other browser', async () => {
  await tab('prices');
  await fill('price-label', 'night');
  await fill('price', '0.123');
  await page.locator('input[name="from"]').fill('2026-06-25T00:00');
  await page.getByTestId('price-save').click();
  await go(other.page, 'market?tab=prices');
  await other.page.locator('tr[data-price="night"]', { hasText: '0.123' }).waitFor();
});

await looks(
  other.page,
  TABS.map((one) => `market?tab=${one}`),
);

await check('A-49 the policy has forbidden nothing, and no script has failed', async () => {
  same([...complaints, ...other.complaints], [], 'complaints');
});

await browser.close();
console.log(JSON.stringify(results));

/** What a camera sees: each module four points wide. */
function imageOf({ size, path }) {
  const scale = 4;
  const width = size * scale;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1/g))
    for (let i = 0; i < scale * scale; i++) {
      const place = 4 * ((Number(y) * scale + Math.floor(i / scale)) * width + Number(x) * scale + (i % scale));
      data.fill(0, place, place + 3);
    }
  return { width, height: width, data };
}
