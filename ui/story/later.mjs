// What if, the audit, logs, and signing in: what people ask of a home that they look at.
import { check, go, holds, same, time, until } from './checks.mjs';

const PATIENCE_SECONDS = 90;
const JSON_LINES = /"head_seal"|0 J missing/;

export async function later({ page, told }, open, guestAddress, password) {
  await check('what if: variants side by side within seconds, the live home untouched, and applied in one step', async () => {
    await go(page, 'what-if');
    await page.getByTestId('bigger-battery').click();
    await page.getByTestId('other-tariff').click();
    await until(async () => (await page.getByTestId('variant').count()) === 2, 'two variants');
    await page.getByTestId('days').selectOption('1');
    const calls = told.calls.length;
    const before = await time(page);
    await page.getByTestId('start').click();
    await page.getByTestId('results').waitFor({ timeout: 1000 * PATIENCE_SECONDS });
    same(
      told.calls.slice(calls).filter(({ name }) => /\.set$|home\.(add|remove|switch)/.test(name)),
      [],
      'changes of the home',
    );
    holds((await time(page)) !== before, 'time went on beside it');
    const rows = await page.getByTestId('results').locator('tbody tr').allInnerTexts();
    same([rows.length, rows.filter((row) => /€/.test(row)).length], [3, 3], 'rows, with costs');
    same(await page.locator('jb-run-chart polyline').count(), 3, 'lines');
    await page.getByTestId('apply').first().click();
    await until(() => told.calls.slice(calls).some(({ name, ask }) => name === 'battery.set' && ask.capacity_kwh === 10), 'it is set', 30);
  });

  await check('what if: a run can be cancelled', async () => {
    await page.getByTestId('days').selectOption('365');
    await page.getByTestId('start').click();
    await page.getByTestId('cancel').click();
    await page.getByText('cancelled').waitFor({ timeout: 1000 * PATIENCE_SECONDS });
  });

  await check('the audit counts everything again and says 0 J missing; a log can be read', async () => {
    await go(page, 'system');
    await page.getByTestId('audit').click();
    await page.getByTestId('verdict').waitFor({ timeout: 1000 * PATIENCE_SECONDS });
    holds(JSON_LINES.test(await page.getByTestId('verdict').innerText()), await page.getByTestId('verdict').innerText());
    await page.getByTestId('log-of').selectOption('supervisor');
    await page.getByTestId('log').waitFor({ timeout: 30_000 });
  });

  await check('a guest signs in with a password; a wrong one is said, and the page stays', async () => {
    const guest = await open(guestAddress);
    await guest.page.evaluate(() => (window.untouched = true));
    const enter = async (secret) => {
      await guest.page.getByLabel('Name', { exact: true }).fill(password.name);
      await guest.page.getByLabel('Password, or a one-time link').fill(secret);
      await guest.page.getByRole('button', { name: 'Enter' }).click();
    };
    await guest.page.getByTestId('sign-in').click();
    await enter('wrong-password-1');
    await guest.page.locator('dialog [role="alert"]').waitFor({ timeout: 30_000 });
    await enter(password.secret);
    await until(async () => (await guest.page.getByTestId('connection').innerText()) === 'operator', 'an operator', 30);
    const kept = await guest.page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
    same([kept.includes(password.secret), await guest.page.evaluate(() => window.untouched)], [false, true], 'password kept, page kept');
    await guest.page.context().close();
  });
}
