/** The languages of the dashboard: each is a build of its own, English beside the page's root and German below it. */
const PLACES = { en: '', de: 'de/' } as const;
export type Language = keyof typeof PLACES;

const KEY = 'joulebus.language';

/** In which language this build speaks. */
export const LANGUAGE: Language = $localize.locale === 'de' ? 'de' : 'en';
/** For numbers, and for days and times: a clock of 24 hours, the day before the month. */
export const NUMBERS = LANGUAGE;
export const DATES = LANGUAGE === 'de' ? 'de-DE' : 'en-GB';

/** A text of the home with its numbers as this language writes them: 1,234.50 W is 1.234,50 W. */
export function ownNumbers(text: string): string {
  if (LANGUAGE === 'en') return text;
  return text.replaceAll(/\d[\d,]*(?:\.\d+)?/g, (number) => number.replaceAll(/[.,]/g, (mark) => (mark === '.' ? ',' : '.')));
}

/** The one that the frame offers, in its own words. */
export const OTHER_LANGUAGE: { readonly code: Language; readonly name: string; readonly href: string } =
  LANGUAGE === 'de' ? { code: 'en', name: 'English', href: addressOf('en') } : { code: 'de', name: 'Deutsch', href: addressOf('de') };

/** Remember a language, and show the same page in it. */
export function speak(language: Language, window: Window): void {
  window.localStorage.setItem(KEY, language);
  window.location.assign(addressOf(language) + window.location.hash);
}

/** Where this browser speaks another language than this build, go there; whether it did. */
export function goToOwnLanguage(window: Window): boolean {
  const kept = window.localStorage.getItem(KEY) ?? (window.navigator.language.startsWith('de') ? 'de' : 'en');
  if (!(kept in PLACES) || kept === LANGUAGE) return false;
  window.location.replace(addressOf(kept as Language) + window.location.hash);
  return true;
}

function addressOf(language: Language): string {
  return (LANGUAGE === 'en' ? './' : '../') + PLACES[language];
}
