import { effect, Injectable, signal } from '@angular/core';

export type Theme = 'system' | 'light' | 'dark';
export type Motion = 'system' | 'full' | 'off';

/** What a theme is called. */
export function themeName(theme: Theme): string {
  return { system: $localize`as the system`, light: $localize`light`, dark: $localize`dark` }[theme];
}

/** What a degree of motion is called. */
export function motionName(motion: Motion): string {
  return { system: $localize`as the system`, full: $localize`full`, off: $localize`off` }[motion];
}

/** What somebody with a role is called: people, and the parts of a home, which have roles of their own. */
export function roleName(role: string): string {
  const names: Readonly<Record<string, string>> = {
    viewer: $localize`viewer`,
    operator: $localize`operator`,
    trader: $localize`trader`,
    admin: $localize`admin`,
    controller: $localize`controller`,
    component: $localize`part of the home`,
    device: $localize`device`,
    program: $localize`program`,
    inverter: $localize`inverter`,
    historian: $localize`historian`,
    balancer: $localize`market`,
    screen: $localize`screen`,
    home: $localize`supervisor`,
  };
  return names[role] ?? (role || 'online');
}

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
