// node story/story.mjs ADMIN GUEST BOOKS NAME: real browsers before a living home. ADMIN and GUEST are addresses of its dashboard; BOOKS is its
// folder, with the processes of its parts, some of which are killed, and the tickets of those who speak beside the browsers; NAME is an operator,
// whose password is in JOULEBUS_STORY_PASSWORD. Each check has its number in the list of what a dashboard must do (tests/tidy/test_dashboard_list.py);
// results go to standard output as JSON. `--short` leaves out what takes long.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from '../tools/browser.mjs';
import { arrows } from './arrows.mjs';
import { check, record, results, same, watch } from './checks.mjs';
import { composition } from './composition.mjs';
import { direction } from './direction.mjs';
import { first } from './first.mjs';
import { flow } from './flow.mjs';
import { forms } from './forms.mjs';
import { keyboard } from './keyboard.mjs';
import { later } from './later.mjs';
import { looks } from './looks.mjs';
import { past } from './past.mjs';
import { robust } from './robust.mjs';
import { voice } from './voice.mjs';

const isShort = process.argv.includes('--short');
const [adminAddress, guestAddress, books, name] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const PAGES = [...readFileSync(new URL('../src/app/pages/pages.ts', import.meta.url), 'utf8').matchAll(/path: '([a-z-]+)'/g)].map(
  (one) => one[1],
);

const browser = await launch();
const open = async (address, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 }, ...options });
  const page = await context.newPage();
  const complaints = await watch(page);
  const told = record(page);
  const began = performance.now();
  await page.goto(address);
  await page.getByTestId('simulated-time').waitFor();
  return { page, complaints, told, seconds: (performance.now() - began) / 1000 };
};
const pids = join(books, 'pids.json');
const speak = (whose) => voice(books, whose);

const admin = await open(adminAddress, { permissions: ['clipboard-read', 'clipboard-write'] });
const other = await open(guestAddress);
const owner = await speak('~owner');

await first(admin, other, adminAddress);
await flow(admin, owner);
await direction(admin, other, owner);
const third = await open(adminAddress);
await composition(admin, other, third, { isShort, pids, owner });
await arrows(admin, other, { isShort });
await forms(admin, other, third, { isShort });
await third.page.context().close();
await keyboard(admin, process.env.JOULEBUS_STORY_PICTURES);
await past(admin, other, { owner, speak });
await later(admin, open, guestAddress, { name, secret: process.env.JOULEBUS_STORY_PASSWORD });
await robust(admin, { pids, address: guestAddress, speak });
// In the short story, those that no other one looks at.
const looker = await looks(isShort ? ['live', 'compose', 'what-if', 'bus', 'system'] : PAGES, open, guestAddress);

await check('A-49 the policy has forbidden nothing, and no script has failed', async () => {
  same([...admin.complaints, ...other.complaints, ...third.complaints, ...looker.complaints], [], 'complaints');
});

await browser.close();
console.log(JSON.stringify(results));
process.exit(0);
