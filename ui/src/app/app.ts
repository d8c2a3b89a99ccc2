import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { mdiClose, mdiThemeLightDark, mdiWeatherNight, mdiWhiteBalanceSunny } from '@mdi/js';
import { Connection } from './bus/connection';
import { HomeStore } from './bus/home-store';
import { forgetTicket } from './bus/ticket';
import { PAGES } from './pages/pages';
import { Icon } from './shared/icon';
import { Notices } from './shared/notices';
import { Settings } from './shared/settings';
import { moment } from './shared/units';
import { ClockControls } from './shell/clock-controls';

/** The frame: which home, which simulated moment, whether it is connected, and the way to all pages. */
@Component({
  selector: 'jb-root',
  imports: [ClockControls, Icon, RouterLink, RouterLinkActive, RouterOutlet],
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
    if (summary.paused) return 'paused';
    return summary.speed === 'flat_out' ? 'flat out' : `${summary.speed}×`;
  });
  protected readonly link = computed(() => {
    const age = this.store.ageSeconds();
    switch (this.connection.state()) {
      case 'online':
        return age ? { text: `data is ${age} s old`, look: 'bad' } : { text: this.connection.role() || 'online', look: 'good' };
      case 'refused':
        return { text: 'not let in', look: 'bad' };
      case 'offline':
        return { text: 'offline, trying again', look: 'bad' };
      default:
        return { text: 'connecting', look: '' };
    }
  });
  protected readonly stopped = computed(() => {
    const summary = this.store.summary();
    return summary && !summary.paused ? summary.cause : null;
  });

  protected asGuest(): void {
    forgetTicket(sessionStorage);
    window.location.reload();
  }
}
