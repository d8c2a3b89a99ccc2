// How pages look to those who cannot see them well, on small screens, and in numbers: the same checks for any page.
import { readFileSync } from 'node:fs';
import { check, go, holds, same } from './checks.mjs';

const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
const SETTLE_MILLISECONDS = 700;

/** Each of the paths in both themes, at the widths of a desk and of a telephone. */
export async function looks(page, paths) {
  for (const width of [1360, 390]) {
    await page.setViewportSize({ width, height: 844 });
    for (const path of paths) await look(page, path, width);
  }
}

/** What axe finds on the page as it is. */
export async function violations(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), RULES);
  return found.violations.map(told);
}

async function look(page, path, width) {
  await go(page, path);
  await page.locator('.page, jb-canvas .node').first().waitFor();
  await page.waitForTimeout(SETTLE_MILLISECONDS);
  for (const scheme of ['light', 'dark']) {
    await check(`A-44 axe finds nothing on ${path}, ${scheme}, ${width} px`, async () => {
      await page.emulateMedia({ colorScheme: scheme });
      same(await violations(page), [], 'violations');
    });
  }
  await check(`A-48 nothing is wider than the screen on ${path}, ${width} px`, async () => {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    holds(wide <= 0, `it is ${wide} px too wide`);
  });
  await check(`A-47 each number of a tile, a label and an axis has its unit on ${path}, ${width} px`, async () => {
    // The bus shows messages as they are.
    const text = path === 'bus' ? '' : await page.locator('body').innerText();
    const nonsense = /.*(NaN|undefined|\bnull\b|-0 |Infinity).*/.exec(text);
    holds(!nonsense, nonsense?.[0]);
    same(await bareNumbers(page), [], 'numbers without a unit');
  });
}

/** Of tiles, lines, blocks and axes: what is digits and nothing else. */
function bareNumbers(page) {
  return page
    .locator('svg text, .tile .value, .node .watts, .amount, [data-told] dd')
    .evaluateAll((all) => all.map((one) => one.textContent.trim()).filter((text) => /^[-−+]?\d[\d.,\s]*$/.test(text)));
}

function told(violation) {
  const where = violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160));
  return `${violation.id}: ${where.join(' | ')}`;
}
