// Properties: forms are those of the kind's schema, what is out of its limits is said at its field, and who writes at once with others is told.
import { callsWhile, check, go, holds, node, same, until } from './checks.mjs';
import { hands } from './hands.mjs';

const STARTS_SECONDS_MAX = 20;
/** What a property's name ends with, and the unit that its field must then show. */
const UNITS = { watts: 'W', kwh: 'kWh', percent: '%', celsius: '°C', kelvin: 'K', minutes: 'min', seconds: 's', m2: 'm²' };

export async function forms({ page, told }, other, third, { isShort }) {
  const mine = hands(page);
  const power = (at) => at.getByLabel('Power', { exact: true });

  await go(page, 'compose');
  await node(page, 'oven').waitFor();

  await check(
    'A-13 a value beyond its limits is said at its field, nothing is changed, and a text that is no number is not taken',
    async () => {
      await mine.choose('oven');
      await hands(other.page).choose('oven');
      const before = await power(other.page).inputValue();
      for (const wrong of ['-5', '20001', 'much']) {
        await power(page).fill(wrong);
        await page.getByTestId('save').click();
        const text = await until(async () => {
          const alert = page.locator('.field', { has: power(page) }).locator('[role="alert"]');
          return (await alert.count()) && alert.first().innerText();
        }, 'it is said at its field');
        holds(text.length > 5, `it says "${text}"`);
        same(await power(other.page).inputValue(), before, 'what holds');
        await page.getByRole('button', { name: 'Discard' }).click();
      }
    },
  );

  const present = await page.locator('.node').evaluateAll((all) => [...new Map(all.map((one) => [one.dataset.kind, one.dataset.id]))]);
  for (const [kind, name] of isShort ? present.slice(0, 6) : present) {
    await check(`A-14 a form has each property of its kind, with help, unit, limits and what is usual: ${kind}`, async () => {
      await mine.choose(name);
      const described = await until(
        () => told.calls.find((one) => one.name === 'home.kind' && one.ask.kind === kind)?.answer,
        'its schema',
      );
      const schemas = described.properties.properties ?? {};
      await page.locator('jb-properties h2', { hasText: name }).waitFor();
      await until(async () => (await page.locator('jb-properties .field').count()) === Object.keys(schemas).length, 'as many fields');
      for (const [property, schema] of Object.entries(schemas)) {
        const text = await page.locator('.field', { has: mine.property(property) }).innerText();
        for (const part of promised(property, schema)) holds(text.includes(part), `${property} lacks "${part}": ${text}`);
      }
    });
  }

  await check('A-16 who writes what somebody else has changed meanwhile is told', async () => {
    await go(third.page, 'compose');
    await hands(third.page).choose('oven');
    await mine.choose('oven');
    await power(page).fill('2500');
    await power(third.page).fill('2600');
    await third.page.getByTestId('save').click();
    await page.getByText('Somebody else has set it to 2600').waitFor({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Discard' }).click();
  });

  await check('A-15 what is switched off is grey and takes nothing, and comes back', async () => {
    await mine.choose('oven');
    const calls = await callsWhile(told, 'home.switch', async () => {
      await page.getByTestId('switch').click();
      await page.locator('.node.off[data-id="oven"]').waitFor({ timeout: 20_000 });
    });
    same(
      calls.map((call) => call.ask),
      [{ name: 'oven', on: false }],
      'asked',
    );
    same([await mine.state('oven'), await mine.watts('oven')], ['off', 0], 'state, W');
    holds((await page.locator('jb-properties .field').count()) > 5, 'its properties can be read');
    await page.getByTestId('switch').click();
    await until(async () => (await mine.state('oven')) === 'running', 'it is on', STARTS_SECONDS_MAX);
  });
}

/** What the field of a property must say. */
function promised(property, schema) {
  const forms = (schema.anyOf ?? []).filter((one) => one.type !== 'null');
  const whole = forms.length === 1 ? { ...forms[0], ...schema } : schema;
  const isNumber = ['number', 'integer'].includes(whole.type);
  const limits = [whole.minimum ?? whole.exclusiveMinimum, whole.maximum ?? whole.exclusiveMaximum].filter((one) => one !== undefined);
  const unit =
    whole.unit ??
    UNITS[
      property
        .replace(/_(max|min)$/, '')
        .split('_')
        .at(-1)
    ];
  const isPlain = !/per_/.test(property);
  return [
    ...(whole.description ? [whole.description] : []),
    ...(isNumber ? limits.map((one) => one.toLocaleString('en')) : []),
    ...(unit && isPlain ? [unit] : []),
    ...(whole.default === undefined || whole.default === null || whole.default === '' ? [] : [`Usually ${JSON.stringify(whole.default)}`]),
  ];
}
