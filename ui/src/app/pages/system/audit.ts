import { ChangeDetectionStrategy, Component, computed, DestroyRef, inject, input, signal } from '@angular/core';
import type { AuditState } from '@words';
import { Connection } from '../../bus/connection';
import { NUMBERS, ownNumbers } from '../../shared/language';
import { Notices } from '../../shared/notices';
import { told } from '../../shared/told';
import { percent } from '../../shared/units';

/** The line of an account. */
const BALANCE = /^ +\w+ +-?[\d,]+ J$/;

/** The whole ledger, counted again beside the living home: whether a joule is missing. */
@Component({
  selector: 'jb-audit',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="spread">
      <h2 i18n>Audit</h2>
      <button class="main" (click)="start()" [disabled]="!may() || isRunning()" data-testid="audit" i18n>Count everything again</button>
    </div>
    @if (isRunning()) {
      <p class="row" role="status">
        <progress max="1000000" [value]="state()?.progress_ppm ?? 0" aria-label="Progress" i18n-aria-label></progress>{{ progress() }}
      </p>
    } @else if (state()?.state === 'done') {
      <p class="verdict" role="status" [class.bad]="!state()?.is_sound" data-testid="verdict">{{ verdict() }}</p>
      <p class="small quiet">{{ counted() }}</p>
      <ul class="small">
        @for (line of lines(); track $index) {
          <li>{{ line }}</li>
        }
      </ul>
    } @else if (state()?.error) {
      <p role="alert" class="bad">{{ trouble() }}</p>
    } @else {
      <p class="quiet small" i18n>Every tick and every seal is computed anew from the journal. The home goes on meanwhile.</p>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 0.6rem;
    }
    li {
      overflow-wrap: anywhere; /* A seal is one word. */
    }
    .verdict {
      font-size: 1.4rem;
      font-weight: 500;
      color: var(--good);
    }
    .bad {
      color: var(--danger);
    }
    ul {
      margin: 0;
      padding-left: 1.1rem;
    }
    progress {
      flex: 1;
      accent-color: var(--accent);
    }
  `,
})
export class Audit {
  private readonly connection = inject(Connection);
  private readonly notices = inject(Notices);
  readonly may = input(false);
  protected readonly state = signal<AuditState | null>(null);
  protected readonly isRunning = computed(() => this.state()?.state === 'running');
  protected readonly lines = computed(() =>
    (this.state()?.lines ?? []).map((line) => (BALANCE.test(line) ? ownNumbers(line) : told(line))),
  );
  protected readonly trouble = computed(() => told(this.state()?.error ?? ''));
  protected readonly progress = computed(() => percent(this.state()?.progress_ppm ?? 0));
  protected readonly verdict = computed(() => $localize`${(this.state()?.missing_joules ?? 0).toLocaleString(NUMBERS)}:JOULES: J missing`);
  protected readonly counted = computed(() => {
    const [ticks, seals] = [this.state()?.ticks ?? 0, this.state()?.seals ?? 0].map((count) => count.toLocaleString(NUMBERS));
    return $localize`${ticks}:TICKS: ticks and ${seals}:SEALS: seals counted again`;
  });

  constructor() {
    const heard = this.connection.hear('joulebus.{home}.audit.changed', (state) => this.state.set(state));
    inject(DestroyRef).onDestroy(() => heard.close());
    void this.ask('joulebus.{home}.audit.get');
  }

  protected start(): void {
    void this.ask('joulebus.{home}.audit.start');
  }

  private async ask(call: 'joulebus.{home}.audit.get' | 'joulebus.{home}.audit.start'): Promise<void> {
    try {
      this.state.set(await this.connection.call(call, {}));
    } catch (error) {
      this.notices.warn(error);
    }
  }
}
