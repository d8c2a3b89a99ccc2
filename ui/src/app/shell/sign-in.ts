import { ChangeDetectionStrategy, Component, computed, ElementRef, inject, signal, viewChild } from '@angular/core';
import { Connection } from '../bus/connection';
import { CallError } from '../bus/errors';
import { parseLink } from '../bus/ticket';
import { Notices } from '../shared/notices';
import { roleName } from '../shared/settings';

/** Sign in with a name and a password, or with a one-time link; what was looked at stays where it is. */
@Component({
  selector: 'jb-sign-in',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (isGuest()) {
      <button (click)="open()" data-testid="sign-in" i18n>Sign in</button>
    }
    <dialog #dialog aria-labelledby="sign-in-title">
      <form (submit)="enter($event)">
        <h2 id="sign-in-title" i18n>Sign in</h2>
        <label
          ><span class="small" i18n>Name</span
          ><input [value]="name()" (input)="name.set($any($event.target).value)" autocomplete="username" spellcheck="false"
        /></label>
        <label
          ><span class="small" i18n>Password, or a one-time link</span
          ><input type="password" [value]="secret()" (input)="secret.set($any($event.target).value)" autocomplete="current-password"
        /></label>
        <p class="small quiet" i18n>Where the home runs, <code>joulebus access password anna --role operator</code> makes one.</p>
        @if (trouble()) {
          <p class="wrong small" role="alert">{{ trouble() }}</p>
        }
        <div class="row">
          <button class="main" [disabled]="isBusy() || !secret()" i18n>Enter</button>
          <button type="button" (click)="close()" i18n>Cancel</button>
        </div>
      </form>
    </dialog>
  `,
  styles: `
    dialog {
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--surface);
      color: var(--text);
      width: min(26rem, calc(100vw - 2rem));
      padding: 1.4rem;
    }
    dialog::backdrop {
      background: #0008;
    }
    form,
    label {
      display: grid;
      gap: 0.3rem;
    }
    form {
      gap: 0.9rem;
    }
    .wrong {
      color: var(--danger);
    }
  `,
})
export class SignIn {
  private readonly connection = inject(Connection);
  private readonly notices = inject(Notices);
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  protected readonly name = signal('');
  protected readonly secret = signal('');
  protected readonly trouble = signal('');
  protected readonly isBusy = signal(false);
  protected readonly isGuest = computed(() => this.connection.role() === 'viewer');

  protected open(): void {
    this.trouble.set('');
    this.dialog().nativeElement.showModal();
  }

  protected close(): void {
    this.secret.set('');
    this.dialog().nativeElement.close();
  }

  protected async enter(event: Event): Promise<void> {
    event.preventDefault();
    this.isBusy.set(true);
    try {
      const fragment = this.secret().includes('#') ? this.secret().slice(this.secret().indexOf('#')) : '';
      await this.connection.signIn(
        parseLink(fragment) ?? { principal: `${this.connection.home()}/~${this.name()}`, secret: this.secret() },
      );
      this.notices.say($localize`You are ${this.connection.principal()}:NAME:, ${roleName(this.connection.role())}:ROLE:.`);
      this.close();
    } catch (error) {
      this.trouble.set((error as CallError).message);
    } finally {
      this.isBusy.set(false);
    }
  }
}
