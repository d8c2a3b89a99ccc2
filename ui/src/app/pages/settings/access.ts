import { ChangeDetectionStrategy, Component, computed, inject, resource, signal } from '@angular/core';
import { Connection } from '../../bus/connection';
import { CallError } from '../../bus/errors';
import { DATES } from '../../shared/language';
import { Notices } from '../../shared/notices';
import { roleName } from '../../shared/settings';

const ROLES = ['viewer', 'operator', 'trader', 'admin'] as const;
const OWNER = 'owner';

/** Who may come in, for the admin: all of them, a link for somebody that is good once, and whom to put out. */
@Component({
  selector: 'jb-access',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './access.html',
  styleUrl: './settings.css',
})
export class Access {
  private readonly connection = inject(Connection);
  private readonly notices = inject(Notices);
  private readonly changes = signal(0);
  private readonly asked = resource({
    params: () => [this.changes(), this.connection.joins()],
    loader: () => this.connection.call('joulebus.{home}.access.list', {}),
  });
  protected readonly trouble = computed(() => this.asked.error()?.message ?? '');
  protected readonly people = computed(() => {
    const found = this.asked.hasValue() ? this.asked.value().people : [];
    return found.map((one) => ({
      ...one,
      role: roleName(one.role),
      mayGo: one.name !== OWNER && !this.connection.principal().endsWith(`~${one.name}`),
      until: one.is_expired
        ? $localize`expired`
        : one.expires
          ? $localize`until ${new Date(one.expires).toLocaleDateString(DATES)}:DAY:`
          : '',
    }));
  });

  protected readonly roles = ROLES;
  protected readonly roleName = roleName;
  protected readonly name = signal('');
  protected readonly role = signal<(typeof ROLES)[number]>('operator');
  protected readonly wrong = signal('');
  protected readonly isBusy = signal(false);
  /** The link that was made last; nobody keeps it. */
  protected readonly given = signal<{ name: string; page: string } | null>(null);

  protected choose(role: string): void {
    this.role.set(ROLES.find((one) => one === role) ?? 'viewer');
  }

  protected async give(event: Event): Promise<void> {
    event.preventDefault();
    await this.attempt(async () => {
      this.given.set(await this.connection.call('joulebus.{home}.access.give', { name: this.name().trim(), role: this.role() }));
      this.name.set('');
    });
  }

  protected async revoke(name: string): Promise<void> {
    await this.attempt(async () => {
      await this.connection.call('joulebus.{home}.access.revoke', { name });
      this.notices.say($localize`${name}:NAME: may come in no more.`);
    });
  }

  protected async copy(page: string): Promise<void> {
    await navigator.clipboard.writeText(page);
    this.notices.say($localize`The link is copied.`);
  }

  private async attempt(act: () => Promise<void>): Promise<void> {
    this.isBusy.set(true);
    this.wrong.set('');
    this.given.set(null);
    try {
      await act();
    } catch (error) {
      this.wrong.set((error as CallError).message);
    } finally {
      this.isBusy.set(false);
      this.changes.update((count) => count + 1);
    }
  }
}
