import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { mdiBellOutline, mdiClose, mdiThemeLightDark, mdiWeatherNight, mdiWhiteBalanceSunny } from '@mdi/js';
import { Connection } from './bus/connection';
import { HomeStore } from './bus/home-store';
import { Meters } from './bus/meters';
import { forgetTicket } from './bus/ticket';
import { PAGES } from './pages/pages';
import { Icon } from './shared/icon';
import { Notices } from './shared/notices';
import { DATES, OTHER_LANGUAGE, speak } from './shared/language';
import { roleName, Settings, themeName } from './shared/settings';
import { told } from './shared/told';
import { moment } from './shared/units';
import { ClockControls } from './shell/clock-controls';
import { SignIn } from './shell/sign-in';

/** The frame: which home, which simulated moment, whether it is connected, and the way to all pages. */
@Component({
  selector: 'jb-root',
  imports: [ClockControls, SignIn, Icon, RouterLink, RouterLinkActive, RouterOutlet],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './app.html',
  styleUrl: './app.css',
})
export class App {
  protected readonly connection = inject(Connection);
  protected readonly store = inject(HomeStore);
  protected readonly notices = inject(Notices);
  protected readonly settings = inject(Settings);
  protected readonly pages = PAGES;
  protected readonly close = mdiClose;
  protected readonly bell = mdiBellOutline;
  protected readonly other = OTHER_LANGUAGE;
  protected readonly oneMoment = $localize`One moment.`;
  protected readonly waiting = computed(() =>
    this.connection.state() === 'online' ? $localize`Waiting for the home` : $localize`Connecting`,
  );
  protected readonly themeText = computed(() => $localize`Theme: ${themeName(this.settings.theme())}:THEME:`);
  protected readonly themeIcon = computed(
    () => ({ system: mdiThemeLightDark, light: mdiWhiteBalanceSunny, dark: mdiWeatherNight })[this.settings.theme()],
  );

  protected readonly simulated = computed(() => {
    const summary = this.store.summary();
    return summary && moment(summary.time, this.store.timezone());
  });
  protected readonly speed = computed(() => {
    const summary = this.store.summary();
    if (!summary) return '';
    if (summary.paused) return $localize`paused`;
    return summary.speed === 'flat_out' ? $localize`flat out` : `${summary.speed}×`;
  });
  protected readonly link = computed(() => {
    const age = this.store.ageSeconds();
    const still = this.store.stillSeconds();
    switch (this.connection.state()) {
      case 'online':
        if (age) return { text: $localize`data is ${age}:SECONDS: s old`, look: 'bad' };
        return still
          ? { text: $localize`time has stood still for ${still}:SECONDS: s`, look: 'bad' }
          : { text: roleName(this.connection.role()), look: 'good' };
      case 'refused':
        return { text: $localize`not let in`, look: 'bad' };
      case 'offline':
        return { text: $localize`offline, trying again`, look: 'bad' };
      default:
        return { text: $localize`connecting`, look: '' };
    }
  });
  protected readonly stopped = computed(() => {
    const summary = this.store.summary();
    return summary && !summary.paused && summary.cause ? told(summary.cause) : null;
  });
  /** Why nobody was let in. */
  protected readonly reason = computed(() => told(this.connection.reason()));

  constructor() {
    inject(Meters); // Whatever page is shown, a new peak is warned of.
  }

  /** When something was said: by the clock on the wall. */
  protected clock(at: Date): string {
    return at.toLocaleTimeString(DATES);
  }

  protected speakOther(event: Event): void {
    event.preventDefault();
    speak(OTHER_LANGUAGE.code, window);
  }

  protected asGuest(): void {
    forgetTicket(sessionStorage);
    window.location.reload();
  }
}
