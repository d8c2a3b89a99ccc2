import { ChangeDetectionStrategy, Component, inject, input, resource, signal } from '@angular/core';
import { Connection } from '../../bus/connection';

const LINES = 200;

/** The last lines that a part of the home has written. */
@Component({
  selector: 'jb-part-log',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="spread">
      <h2 i18n>Log</h2>
      <div class="row">
        <label
          ><span class="hidden" i18n>Part</span>
          <select (change)="name.set($any($event.target).value)" data-testid="log-of">
            <option value="" i18n>choose a part</option>
            @for (one of names(); track one) {
              <option [value]="one">{{ one }}</option>
            }
          </select></label
        >
        <button (click)="log.reload()" [disabled]="!name()" i18n>Again</button>
      </div>
    </div>
    @if (log.error(); as error) {
      <p>{{ error.message }}</p>
    } @else if (log.hasValue()) {
      <pre class="small" tabindex="0" role="region" aria-label="Log" i18n-aria-label data-testid="log">{{
        log.value().join(
          '
'
        ) || '–'
      }}</pre>
    }
  `,
  styles: `
    pre {
      margin: 0.6rem 0 0;
      max-height: 40vh;
      overflow: auto;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
      background: var(--raised);
      padding: 0.8rem;
      border-radius: 10px;
    }
  `,
})
export class PartLog {
  private readonly connection = inject(Connection);
  readonly names = input.required<readonly string[]>();
  protected readonly name = signal('');
  protected readonly log = resource({
    params: () => this.name() || undefined,
    loader: async ({ params }) => (await this.connection.call('joulebus.{home}.home.logs', { name: params, lines: LINES })).lines,
  });
}
