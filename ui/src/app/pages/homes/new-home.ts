import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  Injector,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import type { HomeOfMachine } from '@words';
import { Connection } from '../../bus/connection';
import { NUMBERS } from '../../shared/language';
import { Notices } from '../../shared/notices';
import { freeName, nameIn } from './names';

const TEXT_MAX = 500_000;

/** With what a home begins: a grid alone, a file, or an example or a home by its name. */
export interface Beginning {
  readonly kind: 'empty' | 'file' | 'example' | 'copy';
  readonly of: string;
}

/** Asks for the name of a new home, and for its file where it begins with one. What was written stays until the home is there. */
@Component({
  selector: 'jb-new-home',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <dialog #dialog aria-labelledby="new-home-title" data-testid="new-home">
      <form (submit)="make($event)">
        <h2 id="new-home-title">{{ title() }}</h2>
        <p class="quiet small">{{ explanation() }}</p>
        @if (beginning().kind === 'file') {
          <label
            ><span class="small" i18n>Home file</span
            ><input type="file" accept=".yaml,.yml,.txt" (change)="open($any($event.target))" data-testid="home-file"
          /></label>
          <label
            ><span class="small" i18n>Or its text</span
            ><textarea
              rows="8"
              spellcheck="false"
              [value]="text()"
              (input)="take($any($event.target).value, '')"
              data-testid="home-text"
            ></textarea>
          </label>
        }
        <label
          ><span class="small" i18n>Name of the new home</span
          ><input
            [value]="name()"
            (input)="write($any($event.target).value)"
            autocomplete="off"
            spellcheck="false"
            [attr.aria-describedby]="trouble() ? 'new-home-trouble' : null"
            data-testid="home-name"
        /></label>
        @if (trouble()) {
          <p class="wrong small" role="alert" id="new-home-trouble">{{ trouble() }}</p>
        }
        @if (isBusy()) {
          <progress aria-label="Progress" i18n-aria-label></progress>
        }
        <div class="row">
          <button class="main" [disabled]="isBusy() || !name() || (beginning().kind === 'file' && !text())" data-testid="make" i18n>
            Create
          </button>
          <button type="button" (click)="close()" i18n>Cancel</button>
        </div>
      </form>
    </dialog>
  `,
  styleUrl: './dialog.css',
})
export class NewHome {
  private readonly connection = inject(Connection);
  private readonly notices = inject(Notices);
  private readonly injector = inject(Injector);
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  readonly taken = input.required<readonly string[]>();
  readonly made = output<HomeOfMachine>();
  protected readonly beginning = signal<Beginning>({ kind: 'empty', of: '' });
  protected readonly name = signal('');
  protected readonly text = signal('');
  protected readonly trouble = signal('');
  protected readonly isBusy = signal(false);
  /** Whether the name was written by a person; until then it follows the file. */
  private isNamed = false;

  protected readonly title = computed(() => {
    const of = this.beginning().of;
    return {
      empty: $localize`A new home`,
      file: $localize`A home from a file`,
      example: $localize`A home like the example ${of}:NAME:`,
      copy: $localize`A copy of ${of}:NAME:`,
    }[this.beginning().kind];
  });
  protected readonly explanation = computed(
    () =>
      ({
        empty: $localize`It begins with a grid and nothing else; once it runs, devices are added on its page "Compose".`,
        file: $localize`As "Export" saves it, or written by hand. Its name is replaced by the one below; it may name no files of this machine.`,
        example: $localize`It begins as the example does, and goes its own way once it is started.`,
        copy: $localize`As it is at this moment, without its past. Each goes its own way afterwards.`,
      })[this.beginning().kind],
  );

  /** Begin anew, with a name that is free. */
  ask(beginning: Beginning): void {
    this.beginning.set(beginning);
    this.isNamed = false;
    this.name.set(freeName(beginning.of || 'home', this.taken()));
    this.text.set('');
    this.trouble.set('');
    // Its first field is that of this beginning, once it is drawn.
    afterNextRender(() => this.dialog().nativeElement.showModal(), { injector: this.injector });
  }

  protected close(): void {
    this.dialog().nativeElement.close();
  }

  protected write(name: string): void {
    this.isNamed = true;
    this.name.set(name.trim());
  }

  protected async open(chosen: HTMLInputElement): Promise<void> {
    const file = chosen.files?.[0];
    chosen.value = ''; // The same file can be chosen again, once it is mended.
    if (!file) return;
    if (file.size > TEXT_MAX) this.trouble.set(tooLong(file.size));
    else this.take(await file.text(), file.name.replace(/\.\w+$/, ''));
  }

  protected take(text: string, called: string): void {
    this.text.set(text);
    this.trouble.set(text.length > TEXT_MAX ? tooLong(text.length) : '');
    if (!this.isNamed) this.name.set(freeName(nameIn(text) || called || 'home', this.taken()));
  }

  protected async make(event: Event): Promise<void> {
    event.preventDefault();
    if (this.isBusy() || this.text().length > TEXT_MAX) return;
    this.isBusy.set(true);
    this.trouble.set('');
    try {
      const home = await this.called();
      this.close();
      this.notices.say($localize`${home.name}:NAME: is there; start it when you like.`);
      this.made.emit(home);
    } catch (error) {
      if (this.dialog().nativeElement.open) this.trouble.set((error as Error).message);
      else this.notices.warn(error);
    } finally {
      this.isBusy.set(false);
    }
  }

  private called(): Promise<HomeOfMachine> {
    const { kind, of } = this.beginning();
    const name = this.name();
    if (kind === 'copy') return this.connection.call('joulebus.{home}.homes.copy', { name: of, to: name });
    const from = kind === 'example' ? { example: of } : kind === 'file' ? { yaml: this.text() } : {};
    return this.connection.call('joulebus.{home}.homes.create', { name, ...from });
  }
}

function tooLong(length: number): string {
  const [most, was] = [TEXT_MAX, length].map((count) => count.toLocaleString(NUMBERS));
  return $localize`A home file has at most ${most}:MOST: characters, but this one has ${was}:LENGTH:; is it another file?`;
}
