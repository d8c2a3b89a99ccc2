import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { VERSION } from '@words';
import { Connection } from '../../bus/connection';
import { HomeStore } from '../../bus/home-store';
import { forgetTicket } from '../../bus/ticket';
import { LANGUAGE, NUMBERS, speak } from '../../shared/language';
import { Motion, motionName, roleName, Settings, Theme, themeName } from '../../shared/settings';
import { energy, money, power } from '../../shared/units';
import { ClockControls } from '../../shell/clock-controls';
import { Access } from './access';

/** How this page looks and speaks, who looks at it, and how fast simulated time goes. */
@Component({
  selector: 'jb-settings',
  imports: [Access, ClockControls],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './settings.html',
  styleUrl: './settings.css',
})
export class SettingsPage {
  protected readonly connection = inject(Connection);
  protected readonly store = inject(HomeStore);
  protected readonly settings = inject(Settings);
  protected readonly version = VERSION;
  protected readonly language = LANGUAGE;
  protected readonly languages = [
    { code: 'en', name: 'English' },
    { code: 'de', name: 'Deutsch' },
  ] as const;
  protected readonly themes: readonly Theme[] = ['system', 'light', 'dark'];
  protected readonly motions: readonly Motion[] = ['system', 'full', 'off'];
  protected readonly themeName = themeName;
  protected readonly motionName = motionName;
  protected readonly role = computed(() => roleName(this.connection.role()));
  protected readonly may = computed(() => {
    const says: Readonly<Record<string, string>> = {
      viewer: $localize`hears the home, and asks what changes nothing`,
      operator: $localize`also sets and switches devices, and turns the clock`,
      trader: $localize`a viewer who also changes the market`,
      admin: $localize`an operator and trader who also adds and removes devices`,
    };
    return says[this.connection.role()] ?? '';
  });
  protected readonly isAdmin = computed(() => this.connection.role() === 'admin' && this.connection.state() === 'online');
  protected readonly signedIn = computed(() => this.connection.ticket !== null);
  protected readonly units = computed(() => [
    { name: $localize`Power`, text: `${power(850)}, ${power(2_400)}` },
    { name: $localize`Energy`, text: `${energy(900_000)}, ${energy(12_600_000)}` },
    { name: $localize`Money`, text: money(1_250_000, this.store.currency()) },
  ]);
  protected readonly speed = computed(() => {
    const speed = this.store.summary()?.speed;
    return typeof speed === 'number' ? speed.toLocaleString(NUMBERS) : '';
  });

  protected speakIn(language: 'en' | 'de'): void {
    if (language !== LANGUAGE) speak(language, window);
  }

  protected signOut(): void {
    forgetTicket(sessionStorage);
    window.location.reload();
  }
}
