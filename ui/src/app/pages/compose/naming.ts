import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import type { Placed } from '@words';
import { Connection } from '../../bus/connection';
import { HomeStore } from '../../bus/home-store';
import { Notices } from '../../shared/notices';
import { Undo } from './undo';

/** What people call a device, what they noted about it, and to which group it belongs; the home keeps it, and no device knows of it. */
@Component({
  selector: 'jb-naming',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <details>
      <summary i18n>Name, note and group</summary>
      <label
        ><span class="small" i18n>Name for people</span
        ><input
          [value]="placed().label ?? ''"
          [placeholder]="name()"
          [disabled]="!maySet()"
          maxlength="80"
          (change)="write({ label: $any($event.target).value || null })"
          data-testid="label"
      /></label>
      <label
        ><span class="small" i18n>Note</span
        ><input
          [value]="placed().note ?? ''"
          [disabled]="!maySet()"
          maxlength="500"
          (change)="write({ note: $any($event.target).value || null })"
          data-testid="note"
      /></label>
      <label
        ><span class="small" i18n>Group, also a new one</span
        ><input
          list="groups"
          [value]="group()"
          [disabled]="!maySet()"
          maxlength="80"
          (change)="join($any($event.target).value)"
          data-testid="group"
      /></label>
      <datalist id="groups">
        @for (one of groups(); track one) {
          <option [value]="one"></option>
        }
      </datalist>
    </details>
  `,
  styles: `
    details,
    label {
      display: grid;
      gap: 0.2rem;
    }
    label {
      margin-top: 0.5rem;
    }
    summary {
      cursor: pointer;
    }
  `,
})
export class Naming {
  private readonly connection = inject(Connection);
  private readonly store = inject(HomeStore);
  private readonly undo = inject(Undo);
  private readonly notices = inject(Notices);
  readonly name = input.required<string>();
  readonly maySet = input(false);

  protected readonly placed = computed<Placed>(() => this.store.snapshot()?.layout?.[this.name()] ?? {});
  private readonly known = computed(() => this.store.snapshot()?.groups ?? {});
  protected readonly groups = computed(() => Object.values(this.known()).map((group) => group.label));
  protected readonly group = computed(() => this.known()[this.placed().group ?? '']?.label ?? '');

  protected async write(after: Partial<Placed>): Promise<void> {
    const name = this.name();
    const placed = this.placed();
    const before = Object.fromEntries(Object.keys(after).map((key) => [key, placed[key as keyof Placed] ?? null]));
    const ask = (words: Partial<Placed>) => this.connection.call('joulebus.{home}.layout.set', { devices: { [name]: words } });
    try {
      await this.undo.take({ text: $localize`name ${name}:NAME:`, again: () => ask(after), back: () => ask(before) });
    } catch (error) {
      this.notices.warn(error);
    }
  }

  /** The group is made when nobody has one of that name. */
  protected async join(label: string): Promise<void> {
    if (!label) return this.write({ group: null });
    const found = Object.entries(this.known()).find(([, group]) => group.label === label)?.[0];
    const key = found ?? this.free(label);
    try {
      if (!found) await this.connection.call('joulebus.{home}.layout.set', { groups: { [key]: { label } } });
    } catch (error) {
      this.notices.warn(error);
      return;
    }
    await this.write({ group: key });
  }

  private free(label: string): string {
    const key =
      label
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '_')
        .replace(/^[^a-z]+|_+$/g, '')
        .slice(0, 24) || 'group';
    for (let number = 1; ; number++) {
      const name = number === 1 ? key : `${key}_${number}`;
      if (!(name in this.known())) return name;
    }
  }
}
