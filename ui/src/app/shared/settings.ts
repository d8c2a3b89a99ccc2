import { effect, Injectable, signal } from '@angular/core';

export type Theme = 'system' | 'light' | 'dark';
export type Motion = 'system' | 'full' | 'off';

/** What this browser remembers about how things look. */
@Injectable({ providedIn: 'root' })
export class Settings {
  readonly theme = signal<Theme>(kept('theme', ['system', 'light', 'dark']));
  readonly motion = signal<Motion>(kept('motion', ['system', 'full', 'off']));

  constructor() {
    effect(() => keep('theme', this.theme()));
    effect(() => keep('motion', this.motion()));
  }

  /** The next theme: as the system says, light, dark. */
  turnTheme(): void {
    this.theme.update((now) => (now === 'system' ? 'light' : now === 'light' ? 'dark' : 'system'));
  }
}

function kept<T extends string>(name: string, known: readonly [T, ...T[]]): T {
  const value = localStorage.getItem(`joulebus.${name}`) as T | null;
  return value !== null && known.includes(value) ? value : known[0];
}

function keep(name: string, value: string): void {
  localStorage.setItem(`joulebus.${name}`, value);
  document.documentElement.dataset[name] = value;
}
