import { ChangeDetectionStrategy, Component, computed, ElementRef, inject, output, signal, viewChild } from '@angular/core';
import { Connection } from '../../bus/connection';
import { Notices } from '../../shared/notices';

/** Asks before a home is deleted with all of its books: for its name, typed. */
@Component({
  selector: 'jb-end-home',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <dialog #dialog aria-labelledby="end-home-title" data-testid="end-home">
      <form (submit)="end($event)">
        <h2 id="end-home-title" i18n>Delete {{ name() }}?</h2>
        <p i18n>Its file, its journal and all of its past go with it, and nothing brings them back. "Export" saves its file before.</p>
        <label
          ><span class="small" i18n>Type {{ name() }} to delete it</span
          ><input
            [value]="typed()"
            (input)="typed.set($any($event.target).value)"
            autocomplete="off"
            spellcheck="false"
            [attr.aria-describedby]="trouble() ? 'end-home-trouble' : null"
            data-testid="confirm"
        /></label>
        @if (trouble()) {
          <p class="wrong small" role="alert" id="end-home-trouble">{{ trouble() }}</p>
        }
        <div class="row">
          <button class="danger" [disabled]="!isSure() || isBusy()" data-testid="delete-confirm" i18n>Delete for ever</button>
          <button type="button" (click)="close()" i18n>Keep it</button>
        </div>
      </form>
    </dialog>
  `,
  styleUrl: './dialog.css',
})
export class EndHome {
  private readonly connection = inject(Connection);
  private readonly notices = inject(Notices);
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  readonly gone = output<string>();
  protected readonly name = signal('');
  protected readonly typed = signal('');
  protected readonly trouble = signal('');
  protected readonly isBusy = signal(false);
  protected readonly isSure = computed(() => this.name() !== '' && this.typed().trim() === this.name());

  /** Show the question about a home. */
  ask(name: string): void {
    this.name.set(name);
    this.typed.set('');
    this.trouble.set('');
    this.dialog().nativeElement.showModal();
  }

  protected close(): void {
    this.dialog().nativeElement.close();
  }

  protected async end(event: Event): Promise<void> {
    event.preventDefault();
    if (!this.isSure() || this.isBusy()) return;
    const name = this.name();
    this.isBusy.set(true);
    try {
      await this.connection.call('joulebus.{home}.homes.delete', { name, confirm: this.typed().trim() });
      this.close();
      this.notices.say($localize`${name}:NAME: is deleted.`);
      this.gone.emit(name);
    } catch (error) {
      if (this.dialog().nativeElement.open) this.trouble.set((error as Error).message);
      else this.notices.warn(error);
    } finally {
      this.isBusy.set(false);
    }
  }
}
