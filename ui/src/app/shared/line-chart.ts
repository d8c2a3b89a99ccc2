import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';
import { dayAndTime, roundMoments } from './moments';
import { nice } from './stack-chart';

/** One line of the chart; null: unknown. */
export interface Line {
  readonly label: string;
  readonly look: string;
  readonly values: readonly (number | null)[];
  /** A line of another span, drawn dashed. */
  readonly isDashed?: boolean;
}

const WIDTH = 1000;
const HEIGHT = 220;

/** Values over simulated time as lines; what they are at the pointer is written below. */
@Component({
  selector: 'jb-line-chart',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './line-chart.html',
  styleUrl: './stack-chart.css',
})
export class LineChart {
  readonly starts = input.required<readonly number[]>();
  readonly ends = input.required<number>();
  readonly lines = input.required<readonly Line[]>();
  readonly format = input.required<(value: number) => string>();
  readonly timezone = input.required<string>();
  readonly label = input.required<string>();
  /** The axis reaches at least so far. */
  readonly most = input(0);

  protected readonly width = WIDTH;
  protected readonly height = HEIGHT;
  protected readonly at = signal<number | null>(null);
  private readonly extent = computed(() => {
    const values = this.lines().flatMap((line) => line.values.filter((one): one is number => one !== null));
    return { least: Math.min(0, ...values), most: Math.max(this.most(), 1, ...values) };
  });
  protected readonly ticks = computed(() => {
    const { least, most } = this.extent();
    const step = nice((most - least) / 4);
    const first = Math.ceil(least / step);
    return Array.from({ length: Math.floor(most / step) - first + 1 }, (_, index) => (first + index) * step).map((value) => ({
      y: this.y(value),
      text: this.format()(value),
    }));
  });
  protected readonly paths = computed(() => this.lines().map((line) => ({ ...line, d: this.path(line.values) })));
  protected readonly marks = computed(() => {
    const [first, last] = [this.starts()[0] ?? 0, this.ends()];
    return roundMoments(first, last, this.timezone()).map((unix) => ({
      x: (100 * (unix - first)) / Math.max(1, last - first),
      text: dayAndTime(unix, this.timezone())
        .split(' ')
        .slice(last - first > 172_800 ? 1 : -1, last - first > 172_800 ? 3 : undefined)
        .join(' '),
    }));
  });
  protected readonly readout = computed(() => {
    const index = this.at();
    const start = index === null ? undefined : this.starts()[index];
    if (index === null || start === undefined) return null;
    const parts = this.lines().map((line) => {
      const value = line.values[index];
      return { label: line.label, look: line.look, text: value == null ? '–' : this.format()(value) };
    });
    return { when: dayAndTime(start, this.timezone()), parts, x: this.x(index) };
  });

  protected move(event: PointerEvent): void {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    this.at.set(Math.min(this.starts().length - 1, Math.max(0, Math.floor(share * this.starts().length))));
  }

  protected key(step: number, event: Event): void {
    event.preventDefault();
    this.at.update((at) => Math.min(this.starts().length - 1, Math.max(0, (at ?? (step > 0 ? -1 : this.starts().length)) + step)));
  }

  private path(values: readonly (number | null)[]): string {
    let isOpen = false;
    return values
      .map((value, index) => {
        if (value === null) isOpen = false;
        const begins = value !== null && !isOpen;
        if (value !== null) isOpen = true;
        return value === null ? '' : `${begins ? 'M' : 'L'}${this.x(index).toFixed(1)} ${this.y(value).toFixed(1)}`;
      })
      .join('');
  }

  private x(index: number): number {
    return ((index + 0.5) / Math.max(1, this.starts().length)) * WIDTH;
  }

  private y(value: number): number {
    const { least, most } = this.extent();
    return HEIGHT - 8 - ((value - least) / (most - least)) * (HEIGHT - 16);
  }
}
