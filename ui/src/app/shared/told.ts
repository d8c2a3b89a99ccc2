import { signal } from '@angular/core';
import { LANGUAGE } from './language';

const inWords = signal<((sentence: string) => string) | null>(null);
let loading: Promise<void> | null = null;

/** What the home says besides refusals, such as why time waits: as it was said, until the forms of this language are loaded. */
export function told(sentence: string): string {
  if (LANGUAGE === 'en' || !sentence) return sentence;
  // Like the words of kinds, they come when they are wanted first, and not to whom reads English.
  void loadForms();
  return inWords()?.(sentence) ?? sentence;
}

function loadForms(): Promise<void> {
  loading ??= import('./refusals').then(
    ({ refusalInWords }) => inWords.set(refusalInWords),
    () => void (loading = null),
  );
  return loading;
}
