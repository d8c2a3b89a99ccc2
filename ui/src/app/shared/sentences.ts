import { LANGUAGE, ownNumbers } from './language';

/**
 * The home tells what it decided, and why, in English sentences made of few parts. In another language each part is found again by its form
 * and said anew; one that is unknown here stays as the home said it.
 */
const PARTS: readonly [form: RegExp, words: (...parts: string[]) => string][] = [
  [/^solar supplies the home with (.+)$/, (watts) => $localize`solar supplies the home with ${watts}:POWER:`],
  [/^the battery supplies the home with (.+)$/, (watts) => $localize`the battery supplies the home with ${watts}:POWER:`],
  [/^the grid supplies the home with (.+)$/, (watts) => $localize`the grid supplies the home with ${watts}:POWER:`],
  [/^other producers supply the home with (.+)$/, (watts) => $localize`other producers supply the home with ${watts}:POWER:`],
  [/^solar charges the battery with (.+)$/, (watts) => $localize`solar charges the battery with ${watts}:POWER:`],
  [/^the grid charges the battery with (.+)$/, (watts) => $localize`the grid charges the battery with ${watts}:POWER:`],
  [/^other producers charge the battery with (.+)$/, (watts) => $localize`other producers charge the battery with ${watts}:POWER:`],
  [/^(.+) of solar is exported$/, (watts) => $localize`${watts}:POWER: of solar is exported`],
  [/^(.+) from the battery is exported$/, (watts) => $localize`${watts}:POWER: from the battery is exported`],
  [/^(.+) of other producers is exported$/, (watts) => $localize`${watts}:POWER: of other producers is exported`],
  [/^(.+) of solar curtailed$/, (watts) => $localize`${watts}:POWER: of solar curtailed`],
  [/^(.+) unserved \((.+)\)$/, (watts, names) => $localize`${watts}:POWER: unserved (${names}:NAMES:)`],
  [/^no energy flows$/, () => $localize`no energy flows`],
  [/^nothing has been settled yet$/, () => $localize`nothing has been settled yet`],
  [/^the grid is out$/, () => $localize`the grid is out`],
  [/^(\w+) is ([\d.]+ k?W)$/, (name, watts) => $localize`${name}:SETTING: is ${watts}:POWER:`],
  [/^(\w+) is on at this time$/, (name) => $localize`${name}:SETTING: is on at this time`],
  [/^(\w+) is off at this time$/, (name) => $localize`${name}:SETTING: is off at this time`],
  [/^the battery is full$/, () => $localize`the battery is full`],
  [/^the battery is at its reserve of (.+)$/, (share) => $localize`the battery is at its reserve of ${share}:SHARE:`],
  [/^the battery is at its minimum of (.+)$/, (share) => $localize`the battery is at its minimum of ${share}:SHARE:`],
  [
    /^the battery is brought back to its reserve of (.+)$/,
    (share) => $localize`the battery is brought back to its reserve of ${share}:SHARE:`,
  ],
  [/^the battery is kept for outages \((.+)\)$/, (name) => $localize`the battery is kept for outages (${name}:SETTING:)`],
  [/^the battery gives what it can, the grid the rest$/, () => $localize`the battery gives what it can, the grid the rest`],
  [
    /^the battery waits until the grid costs (.+) \((.+)\)$/,
    (price, name) => $localize`the battery waits until the grid costs ${price}:PRICE: (${name}:SETTING:)`,
  ],
  [
    /^the grid costs (.+), below (\w+) \((.+)\)$/,
    (price, name, limit) => $localize`the grid costs ${price}:PRICE:, below ${name}:SETTING: (${limit}:LIMIT:)`,
  ],
  [
    /^the grid pays (.+), below (\w+) \((.+)\)$/,
    (price, name, limit) => $localize`the grid pays ${price}:PRICE:, below ${name}:SETTING: (${limit}:LIMIT:)`,
  ],
  [
    /^the grid pays (.+), at least (\w+) \((.+)\)$/,
    (price, name, limit) => $localize`the grid pays ${price}:PRICE:, at least ${name}:SETTING: (${limit}:LIMIT:)`,
  ],
  [
    /^this is one of the (\d+) cheapest hours of the day \((.+)\)$/,
    (hours, name) => $localize`this is one of the ${hours}:HOURS: cheapest hours of the day (${name}:SETTING:)`,
  ],
  [/^the sun is for (.+) \((.+)\)$/, (order, name) => $localize`the sun is for ${inOrder(order)}:ORDER: (${name}:SETTING:)`],
];

/** What the home said, in the language of this build. */
export function inWords(sentence: string): string {
  if (LANGUAGE === 'en') return sentence;
  const isWhole = sentence.endsWith('.');
  const parts = sentence.replace(/\.$/, '').split(/, (?!below|at least|then|the grid the rest|[^(]*\))/);
  const text = parts.map((part, index) => partInWords(index || !isWhole ? part : part.charAt(0).toLowerCase() + part.slice(1))).join(', ');
  return isWhole ? `${text.charAt(0).toUpperCase()}${text.slice(1)}.` : text;
}

/** The same for a part; apart from `inWords` so that English, too, can be asked whether each part is known. */
export function partInWords(part: string): string {
  for (const [form, words] of PARTS) {
    const found = form.exec(part);
    if (found) return words(...found.slice(1).map(ownNumbers));
  }
  return part;
}

/** "loads, then battery, then export". */
function inOrder(order: string): string {
  const names: Readonly<Record<string, string>> = {
    loads: $localize`the home`,
    battery: $localize`the battery`,
    export: $localize`the grid`,
  };
  return order
    .split(', then ')
    .map((one, index) => (index ? $localize`then ${names[one] ?? one}:NAME:` : (names[one] ?? one)))
    .join(', ');
}
