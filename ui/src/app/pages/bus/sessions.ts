import { ChangeDetectionStrategy, Component, computed, DestroyRef, inject, signal } from '@angular/core';
import type { SessionListed } from '@words';
import { Connection } from '../../bus/connection';
import { DATES } from '../../shared/language';
import { roleName } from '../../shared/settings';

const LOOK_SECONDS = 5;

/** Who is joined to the bus at this moment, the last who came first; asked for while somebody looks. */
@Component({
  selector: 'jb-sessions',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 i18n>Sessions</h2>
    @if (trouble()) {
      <p class="quiet" data-testid="no-sessions">{{ trouble() }}</p>
    } @else {
      <div class="wide" tabindex="0" role="group" aria-label="Sessions of the bus" i18n-aria-label>
        <table class="small">
          <thead>
            <tr>
              <th scope="col" i18n>Who</th>
              <th scope="col" i18n>Role</th>
              <th scope="col" i18n>Since, by your clock</th>
              <th scope="col" class="number" i18n>Session</th>
            </tr>
          </thead>
          <tbody>
            @for (one of rows(); track one.session) {
              <tr data-testid="session" [attr.data-principal]="one.principal" [attr.data-role]="one.plainRole">
                <th scope="row">
                  {{ one.name }}
                  @if (one.isMine) {
                    <span class="pill" i18n>you</span>
                  }
                </th>
                <td>{{ one.role }}</td>
                <td>{{ one.since }}</td>
                <td class="number quiet">{{ one.session }}</td>
              </tr>
            } @empty {
              <tr>
                <td class="quiet" i18n>Counting …</td>
              </tr>
            }
          </tbody>
        </table>
      </div>
    }
  `,
  styles: `
    .wide {
      max-height: 40vh;
      overflow: auto;
    }
    table {
      width: 100%;
    }
    th[scope='row'] {
      font-weight: 400;
      overflow-wrap: anywhere;
    }
  `,
})
export class Sessions {
  private readonly connection = inject(Connection);
  private readonly found = signal<readonly SessionListed[]>([]);
  protected readonly trouble = signal('');
  protected readonly rows = computed(() =>
    this.found().map((one) => ({
      ...one,
      name: one.principal.slice(one.principal.indexOf('/') + 1),
      plainRole: one.role,
      role: roleName(one.role),
      since: new Date(one.since_unix_seconds * 1000).toLocaleString(DATES),
      isMine: one.session === this.connection.number(),
    })),
  );

  constructor() {
    void this.look();
    const timer = window.setInterval(() => {
      if (!document.hidden) void this.look();
    }, LOOK_SECONDS * 1000);
    inject(DestroyRef).onDestroy(() => window.clearInterval(timer));
  }

  private async look(): Promise<void> {
    if (!['operator', 'admin'].includes(this.connection.role())) {
      this.trouble.set($localize`Who is joined, an operator or an admin may read.`);
      return;
    }
    try {
      this.found.set((await this.connection.call('joulebus.{home}.access.sessions', {})).sessions);
      this.trouble.set('');
    } catch (error) {
      this.trouble.set((error as Error).message);
    }
  }
}
