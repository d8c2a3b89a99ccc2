import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';
import type { WhatIfRun } from '@words';
import { DATES } from '../../shared/language';
import { energy, money } from '../../shared/units';
import { labelOf } from './variants';

const WIDTH = 1000;
const HEIGHT = 220;
const LOOKS = ['load', 'solar', 'battery', 'grid', 'export', 'heat', 'producers', 'quiet'] as const;

type What = 'cost' | 'bought' | 'stored';

/** One line for each variant over simulated time: costs and purchases add up, what is stored goes up and down. */
@Component({
  selector: 'jb-run-chart',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="spread">
      <h2 i18n>Side by side</h2>
      <div class="segments" role="group" aria-label="What is drawn" i18n-aria-label>
        @for (one of choices; track one.what) {
          <button [attr.aria-pressed]="one.what === what()" (click)="what.set(one.what)">{{ one.text }}</button>
        }
      </div>
    </div>
    <div class="legend small">
      @for (line of lines(); track line.number) {
        <span><i [class]="'key ' + line.look" [class.dashed]="line.number"></i>{{ line.label }}: {{ line.end }}</span>
      }
    </div>
    <svg [attr.viewBox]="'0 0 ' + width + ' ' + height" preserveAspectRatio="none" role="img" [attr.aria-label]="text()">
      @for (line of lines(); track line.number) {
        <polyline [class]="line.look" [attr.points]="line.points" [attr.data-variant]="line.number" />
      }
    </svg>
    <p class="spread small quiet">
      <span>{{ first() }}</span><span>{{ scale() }}</span
      ><span>{{ last() }}</span>
    </p>
  `,
  styles: `
    svg {
      width: 100%;
      height: 220px;
    }
    polyline {
      fill: none;
      stroke: currentColor;
      stroke-width: 2.5;
      vector-effect: non-scaling-stroke;
    }
    .legend {
      display: flex;
      flex-wrap: wrap;
      gap: 0.4rem 1.2rem;
      margin: 0.6rem 0;
    }
    .key {
      display: inline-block;
      width: 18px;
      height: 4px;
      margin-right: 0.4em;
      vertical-align: middle;
      background: currentColor;
    }
  `,
})
export class RunChart {
  readonly run = input.required<WhatIfRun>();
  readonly timezone = input.required<string>();
  protected readonly width = WIDTH;
  protected readonly height = HEIGHT;
  protected readonly what = signal<What>('cost');
  protected readonly choices: readonly { what: What; text: string }[] = [
    { what: 'cost', text: $localize`Cost` },
    { what: 'bought', text: $localize`Bought` },
    { what: 'stored', text: $localize`Stored` },
  ];

  private readonly series = computed(() =>
    (this.run().variants ?? []).map((variant, number) => ({
      number,
      label: labelOf(variant, number),
      values: valuesOf(this.what(), variant.columns ?? {}),
    })),
  );
  private readonly extent = computed(() => {
    const all = this.series().flatMap((one) => one.values);
    return { least: Math.min(0, ...all), most: Math.max(1, ...all) };
  });
  protected readonly lines = computed(() => {
    const { least, most } = this.extent();
    const y = (value: number) => 4 + ((HEIGHT - 8) * (most - value)) / (most - least);
    return this.series()
      .filter((one) => one.values.length > 1)
      .map(({ number, label, values }) => ({
        number,
        label,
        look: LOOKS[number % LOOKS.length] ?? 'load',
        end: this.told(values.at(-1) ?? 0),
        points: values.map((value, index) => `${((WIDTH * index) / (values.length - 1)).toFixed(1)},${y(value).toFixed(1)}`).join(' '),
      }));
  });
  protected readonly text = computed(() =>
    this.lines()
      .map((line) => `${line.label}: ${line.end}`)
      .join('; '),
  );
  protected readonly scale = computed(() => {
    const { least, most } = this.extent();
    return $localize`from ${this.told(least)}:LEAST: to ${this.told(most)}:MOST:`;
  });
  protected readonly first = computed(() => this.day(0));
  protected readonly last = computed(() => this.day(-1));

  private told(value: number): string {
    return this.what() === 'cost' ? money(value, this.run().currency ?? '') : energy(value);
  }

  private day(at: number): string {
    const unix = (this.run().variants ?? [])[0]?.columns?.['unix_seconds']?.at(at);
    return unix === undefined
      ? ''
      : new Date(unix * 1000).toLocaleDateString(DATES, { day: 'numeric', month: 'short', timeZone: this.timezone() });
  }
}

/** What a line shows, row by row. */
function valuesOf(what: What, columns: Readonly<Record<string, readonly number[]>>): number[] {
  const of = (name: string) => columns[name] ?? [];
  if (what === 'stored') return [...of('stored_joules')];
  const income = of('export_income_micro_euro');
  const rows = what === 'bought' ? of('import_joules') : of('import_cost_micro_euro').map((cost, row) => cost - (income[row] ?? 0));
  let sum = 0;
  return rows.map((value) => (sum += value));
}
