import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';
import { DATES } from './language';
import { clockTime, energy, power } from './units';

/** One colour of the chart; `isBelow`: it hangs from the line of zero. */
export interface Layer {
  readonly label: string;
  readonly look: string;
  readonly isBelow: boolean;
  /** J in each bucket. */
  readonly joules: readonly number[];
}

const WIDTH = 1000;
const HEIGHT = 260;
/** Between two times on the axis, in s. */
const STEPS = [900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 432_000, 864_000];

interface Bar {
  readonly look: string;
  readonly isBelow: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Energy over simulated time in stacked bars, each as high as its mean power; what it shows at the pointer is written beside it. */
@Component({
  selector: 'jb-stack-chart',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './stack-chart.html',
  styleUrl: './stack-chart.css',
})
export class StackChart {
  /** Unix seconds at which the buckets begin, and at which the last one ends. */
  readonly starts = input.required<readonly number[]>();
  readonly ends = input.required<number>();
  /** How far the axis goes; the rest of a day stays empty. */
  readonly until = input<number | null>(null);
  readonly layers = input.required<readonly Layer[]>();
  readonly timezone = input.required<string>();
  readonly label = input.required<string>();

  protected readonly at = signal<number | null>(null);
  protected readonly width = WIDTH;
  protected readonly height = HEIGHT;
  protected readonly reached = computed(() => [...this.starts(), this.ends()]);

  /** Highest mean power up and down, in W. */
  private readonly extent = computed(() => {
    const sums = this.starts().map((_, bucket) => ({ up: this.sum(bucket, false), down: this.sum(bucket, true) }));
    return { up: Math.max(100, ...sums.map((one) => one.up)), down: Math.max(0, ...sums.map((one) => one.down)) };
  });
  private readonly scale = computed(() => (HEIGHT - 16) / (this.extent().up + this.extent().down));
  protected readonly zero = computed(() => 8 + this.extent().up * this.scale());

  protected readonly bars = computed<Bar[]>(() =>
    this.starts().flatMap((_, bucket) => [...this.stack(bucket, false), ...this.stack(bucket, true)]),
  );
  protected readonly ticks = computed(() => {
    const step = nice(Math.max(this.extent().up, this.extent().down) / 3);
    const count = { up: Math.floor(this.extent().up / step), down: Math.floor(this.extent().down / step) };
    return Array.from({ length: count.up + count.down + 1 }, (_, index) => (index - count.down) * step).map((watts) => ({
      y: this.zero() - watts * this.scale(),
      text: power(watts),
    }));
  });
  protected readonly hours = computed(() => {
    const first = this.starts()[0] ?? 0;
    const span = this.last() - first;
    const step = STEPS.find((seconds) => span / seconds <= 9) ?? Math.ceil(span / 9);
    const begins = first + ((step - ((first + offset(first, this.timezone())) % step)) % step);
    return Array.from({ length: Math.max(0, Math.floor((this.last() - begins) / step) + 1) }, (_, index) => begins + index * step).map(
      (unix) => ({
        x: ((unix - first) / Math.max(1, span)) * 100,
        text: this.when(unix, span),
      }),
    );
  });
  protected readonly readout = computed(() => {
    const bucket = this.at();
    if (bucket === null || bucket >= this.starts().length) return null;
    const parts = this.layers()
      .map((layer) => ({ label: layer.label, look: layer.look, joules: layer.joules[bucket] ?? 0 }))
      .filter((part) => part.joules > 0)
      .map((part) => ({ ...part, text: `${power(part.joules / this.seconds(bucket))}, ${energy(part.joules)}` }));
    return { when: this.when(this.starts()[bucket] ?? 0, 0), parts, x: this.x(this.starts()[bucket] ?? 0) };
  });

  protected move(event: PointerEvent): void {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const unix = (this.starts()[0] ?? 0) + ((event.clientX - box.left) / box.width) * (this.last() - (this.starts()[0] ?? 0));
    const bucket = this.starts().findLastIndex((start) => start <= unix);
    this.at.set(bucket >= 0 && unix <= this.ends() ? bucket : null);
  }

  protected key(step: number, event: Event): void {
    event.preventDefault();
    this.at.update((at) => Math.min(this.starts().length - 1, Math.max(0, (at ?? (step > 0 ? -1 : this.starts().length)) + step)));
  }

  private stack(bucket: number, isBelow: boolean): Bar[] {
    const start = this.starts()[bucket] ?? 0;
    const [x, end] = [this.x(start), this.x(start + this.seconds(bucket))];
    let height = 0;
    return this.layers()
      .filter((layer) => layer.isBelow === isBelow && (layer.joules[bucket] ?? 0) > 0)
      .map((layer) => {
        const tall = ((layer.joules[bucket] ?? 0) / this.seconds(bucket)) * this.scale();
        height += tall;
        return {
          look: layer.look,
          isBelow,
          x,
          y: isBelow ? this.zero() + height - tall : this.zero() - height,
          width: Math.max(0.6, (end - x) * 0.9),
          height: tall,
        };
      });
  }

  private sum(bucket: number, isBelow: boolean): number {
    return (
      this.layers().reduce((sum, layer) => sum + (layer.isBelow === isBelow ? (layer.joules[bucket] ?? 0) : 0), 0) / this.seconds(bucket)
    );
  }

  private seconds(bucket: number): number {
    return Math.max(1, (this.reached()[bucket + 1] ?? 0) - (this.reached()[bucket] ?? 0));
  }

  private last(): number {
    return Math.max(this.until() ?? 0, this.ends());
  }

  private x(unix: number): number {
    const first = this.starts()[0] ?? 0;
    return ((unix - first) / Math.max(1, this.last() - first)) * WIDTH;
  }

  private when(unix: number, span: number): string {
    if (span <= 2 * 86_400) return clockTime(unix, this.timezone());
    return new Date(unix * 1000).toLocaleDateString(DATES, { day: 'numeric', month: 'short', timeZone: this.timezone() });
  }
}

/** The round number next to a step: 1, 2 or 5 times a power of ten. */
export function nice(step: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(step, 1)));
  return power * (step / power > 5 ? 10 : step / power > 2 ? 5 : step / power > 1 ? 2 : 1);
}

/** Seconds by which the clock of a place is ahead of UTC. */
function offset(unixSeconds: number, timezone: string): number {
  const local = new Date(unixSeconds * 1000).toLocaleString('sv-SE', { timeZone: timezone });
  return Math.round(Date.parse(`${local.replace(' ', 'T')}Z`) / 1000 - unixSeconds);
}
