import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';

/** A number with its unit, or a text, and what is wrong with it. */
@Component({
  selector: 'jb-entry-field',
  changeDetection: ChangeDetectionStrategy.OnPush,
  styleUrl: '../../shared/device-page.css',
  template: `
    <label class="field">
      <span>{{ label() }}</span>
      <span class="entry">
        <input
          [attr.inputmode]="unit() ? 'decimal' : null"
          autocomplete="off"
          [disabled]="disabled()"
          [value]="value() ?? ''"
          (change)="written.emit($any($event.target).value)"
          [attr.data-testid]="name()"
          [attr.aria-invalid]="!!wrong()"
        />
        @if (unit()) {
          <span class="quiet">{{ unit() }}</span>
        }
      </span>
      @if (wrong()) {
        <span class="wrong small" role="alert">{{ wrong() }}</span>
      }
    </label>
  `,
})
export class EntryField {
  readonly name = input.required<string>();
  readonly label = input.required<string>();
  /** "" for a text. */
  readonly unit = input('');
  readonly value = input.required<number | string | null>();
  readonly wrong = input('');
  readonly disabled = input(false);
  readonly written = output<string>();
}
