import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { NUMBERS } from '../../shared/language';
import { numberAt } from './difference';
import { Message } from './feed';

const WIDTH = 400;
const HEIGHT = 90;
const POINTS_MAX = 200;

/** One number of a topic over its last messages. */
@Component({
  selector: 'jb-value-plot',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (line(); as line) {
      <svg [attr.viewBox]="'0 0 ' + width + ' ' + height" preserveAspectRatio="none" role="img" [attr.aria-label]="line.text">
        <polyline [attr.points]="line.points" />
      </svg>
      <p class="small quiet" data-testid="plot">{{ line.text }}</p>
    } @else {
      <p class="small quiet" i18n>Two messages of this topic are needed for a line.</p>
    }
  `,
  styles: `
    svg {
      width: 100%;
      height: 90px;
    }
    polyline {
      fill: none;
      stroke: var(--accent);
      stroke-width: 2;
      vector-effect: non-scaling-stroke;
    }
  `,
})
export class ValuePlot {
  /** The newest first. */
  readonly messages = input.required<readonly Message[]>();
  readonly topic = input.required<string>();
  readonly path = input.required<string>();
  protected readonly width = WIDTH;
  protected readonly height = HEIGHT;

  protected readonly line = computed(() => {
    const values = this.messages()
      .filter((one) => one.topic === this.topic())
      .slice(0, POINTS_MAX)
      .reverse()
      .map((one) => numberAt(one.body, this.path()))
      .filter((value) => value !== null);
    if (values.length < 2) return null;
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const y = (value: number) => 5 + (HEIGHT - 10) * (most === least ? 0.5 : (most - value) / (most - least));
    const points = values.map((value, index) => `${((WIDTH * index) / (values.length - 1)).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    const text = [least, most, values.at(-1) ?? 0].map((value) => value.toLocaleString(NUMBERS));
    return {
      points,
      text: $localize`${values.length}:COUNT: messages: least ${text[0]}:LEAST:, most ${text[1]}:MOST:, last ${text[2]}:LAST:`,
    };
  });
}
