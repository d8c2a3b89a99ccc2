import { ChangeDetectionStrategy, Component, computed, DestroyRef, ElementRef, inject, resource, signal, viewChild } from '@angular/core';
import type { HomeOfMachine } from '@words';
import { Connection } from '../../bus/connection';
import { kept } from '../../shared/kept';
import { Notices } from '../../shared/notices';
import { saveFile } from '../../shared/saving';
import { roleName } from '../../shared/settings';
import { told } from '../../shared/told';
import { inOwnWords } from '../../shared/words';
import { EndHome } from './end-home';
import { NewHome } from './new-home';

const LOOK_SECONDS = 3;
/** For so long a home that was asked to stop may still be seen running. */
const STOPPING_SECONDS_MAX = 60;

type State = HomeOfMachine['state'] | 'stopping';

interface Row extends HomeOfMachine {
  readonly now: State;
  readonly text: string;
  readonly past: string;
  readonly isThis: boolean;
  readonly labels: Readonly<Record<'start' | 'stop' | 'show' | 'copy' | 'export' | 'delete', string>>;
  /** What was asked of it last and could not be done, or why it did not start. */
  readonly wrong: string;
}

/** The homes of this machine, and examples to begin with: made, copied, exported, started, stopped and deleted by an admin. */
@Component({
  selector: 'jb-homes',
  imports: [EndHome, NewHome],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './homes.html',
  styleUrls: ['./homes.css', './dialog.css'],
})
export class HomesPage {
  private readonly connection = inject(Connection);
  private readonly notices = inject(Notices);
  private readonly title = viewChild.required<ElementRef<HTMLElement>>('title');
  private readonly stopDialog = viewChild.required<ElementRef<HTMLDialogElement>>('stopping');
  protected readonly role = computed(() => roleName(this.connection.role()));
  protected readonly isAdmin = computed(() => this.connection.role() === 'admin');
  protected readonly may = computed(() => this.isAdmin() && this.connection.state() === 'online');
  protected readonly stopFirst = $localize`Stop it before you delete it`;
  protected readonly asking = $localize`Asking the home …`;

  private readonly looks = signal(0);
  protected readonly asked = resource({
    params: () => ({ looks: this.looks(), joins: this.connection.joins() }),
    loader: () => this.connection.call('joulebus.{home}.homes.list', {}),
  });
  protected readonly listed = kept(this.asked);
  /** By home: until when it counts as one that is being stopped. */
  private readonly leaving = signal<Readonly<Record<string, number>>>({});
  private readonly troubles = signal<Readonly<Record<string, string>>>({});
  /** Of which home something is being saved. */
  protected readonly saving = signal('');
  protected readonly names = computed(() => (this.listed()?.homes ?? []).map((home) => home.name));
  protected readonly rows = computed(() => (this.listed()?.homes ?? []).map((home) => this.row(home)));

  protected readonly examples = computed(() =>
    (this.listed()?.examples ?? []).map(({ name, description }) => ({ name, description: inOwnWords(description) })),
  );

  constructor() {
    const timer = window.setInterval(() => {
      if (!document.hidden && !this.asked.isLoading()) this.look();
    }, LOOK_SECONDS * 1000);
    inject(DestroyRef).onDestroy(() => window.clearInterval(timer));
  }

  protected look(): void {
    this.looks.update((count) => count + 1);
  }

  protected beginLabel(example: string): string {
    return $localize`Begin with it: ${example}:NAME:`;
  }

  protected async start(name: string): Promise<void> {
    this.leaving.update((before) => ({ ...before, [name]: 0 }));
    await this.attempt(name, () => this.connection.call('joulebus.{home}.homes.start', { name }));
  }

  /** At once, unless this page would go with it. */
  protected askStop(row: Row): void {
    if (row.isThis) this.stopDialog().nativeElement.showModal();
    else void this.stop(row.name);
  }

  protected async stop(name: string): Promise<void> {
    await this.attempt(name, async () => {
      await this.connection.call('joulebus.{home}.homes.stop', { name });
      this.leaving.update((before) => ({ ...before, [name]: performance.now() + STOPPING_SECONDS_MAX * 1000 }));
    });
  }

  protected async save(name: string): Promise<void> {
    if (this.saving()) return;
    this.saving.set(name);
    await this.attempt(name, async () => {
      const { yaml } = await this.connection.call('joulebus.{home}.homes.export', { name });
      saveFile(`${name}.yaml`, new Blob([yaml], { type: 'application/yaml' }));
    });
    this.saving.set('');
  }

  /** The button that was pressed is gone, and whoever presses keys is led back to the list. */
  protected gone(): void {
    this.title().nativeElement.focus();
    this.look();
  }

  private async attempt(name: string, act: () => Promise<unknown>): Promise<void> {
    this.say(name, '');
    try {
      await act();
    } catch (error) {
      this.say(name, (error as Error).message);
    }
    this.look();
  }

  private say(name: string, text: string): void {
    this.troubles.update((before) => ({ ...before, [name]: text }));
  }

  private row(home: HomeOfMachine): Row {
    const name = home.name;
    const isLeaving = home.state !== 'stopped' && (this.leaving()[name] ?? 0) > performance.now();
    const now = isLeaving ? 'stopping' : home.state;
    return {
      ...home,
      description: inOwnWords(home.description ?? ''),
      now,
      text: stateName(now),
      past: home.has_books ? $localize`has lived; a start continues it` : $localize`has never been started`,
      isThis: name === this.listed()?.this,
      wrong: this.troubles()[name] || told(home.error ?? ''),
      labels: {
        start: $localize`Start ${name}:NAME:`,
        stop: $localize`Stop ${name}:NAME:`,
        show: $localize`Show ${name}:NAME: in a new window`,
        copy: $localize`Copy ${name}:NAME:`,
        export: $localize`Export ${name}:NAME:`,
        delete: $localize`Delete ${name}:NAME:`,
      },
    };
  }
}

function stateName(state: State): string {
  return {
    running: $localize`running`,
    starting: $localize`starting`,
    stopping: $localize`is being stopped`,
    stopped: $localize`stopped`,
  }[state];
}
