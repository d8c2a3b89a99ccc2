import { ChangeDetectionStrategy, Component, computed, input, output, signal } from '@angular/core';
import { DAY_MINUTES, DailyWindow, minutesOf, partsOf, readWindows, timeText, Windows, writeWindows } from './windows';

const SNAP = 15;
const HOURS = [0, 3, 6, 9, 12, 15, 18, 21, 24];

type Hold = 'begins' | 'ends' | 'whole';

interface Drag {
  readonly index: number;
  readonly hold: Hold;
  readonly from: number;
  readonly before: readonly DailyWindow[];
}

/** When something holds, on the band of a day: drag to make a window, its ends to change it; or write the times. */
@Component({
  selector: 'jb-day-band',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './day-band.html',
  styleUrl: './day-band.css',
})
export class DayBand {
  readonly label = input.required<string>();
  readonly help = input('');
  readonly value = input.required<Windows>();
  readonly look = input('battery');
  readonly disabled = input(false);
  /** The minute of the simulated day, for a line at now. */
  readonly now = input<number | null>(null);
  readonly changed = output<Windows>();

  protected readonly hours = HOURS;
  private readonly said = computed(() => readWindows(this.value()));
  private readonly dragged = signal<readonly DailyWindow[] | null>(null);
  protected readonly daily = computed(() => this.dragged() ?? this.said().daily);
  protected readonly others = computed(() => this.said().others);
  protected readonly mode = computed(() => (typeof this.value() === 'string' ? (this.value() as string) : 'times'));
  protected readonly parts = computed(() => {
    if (this.value() === 'always' && !this.dragged()) return [{ index: -1, left: 0, width: 100, text: '' }];
    return this.daily().flatMap((window, index) =>
      partsOf(window).map((part) => ({
        index,
        left: (100 * part.begins) / DAY_MINUTES,
        width: (100 * (part.ends - part.begins)) / DAY_MINUTES,
        text: `${timeText(window.begins)}–${timeText(window.ends)}`,
      })),
    );
  });
  protected readonly beginsLabel = computed(() => $localize`${this.label()}:NAME:: begins`);
  protected readonly endsLabel = computed(() => $localize`${this.label()}:NAME:: ends`);
  private drag: Drag | null = null;

  protected text(minutes: number): string {
    return timeText(minutes % DAY_MINUTES);
  }

  protected setMode(mode: string): void {
    if (mode === 'times') this.emit([{ begins: 720, ends: 900 }]);
    else this.changed.emit(mode as Windows);
  }

  protected add(): void {
    const last = this.daily().at(-1);
    const begins = last ? (last.ends + 60) % DAY_MINUTES : 720;
    this.emit([...this.daily(), { begins, ends: (begins + 120) % DAY_MINUTES }]);
  }

  protected remove(index: number): void {
    this.emit(this.daily().filter((_, at) => at !== index));
  }

  protected removeOther(text: string): void {
    this.changed.emit(
      writeWindows(
        this.daily(),
        this.others().filter((one) => one !== text),
      ),
    );
  }

  protected write(index: number, side: 'begins' | 'ends', text: string): void {
    const minutes = minutesOf(text);
    if (minutes !== null) this.emit(this.daily().map((one, at) => (at === index ? { ...one, [side]: minutes } : one)));
  }

  protected down(event: PointerEvent): void {
    if (this.disabled() || event.button !== 0) return;
    const band = event.currentTarget as HTMLElement;
    const at = this.minuteAt(event, band);
    const target = event.target as HTMLElement;
    const index = Number(target.dataset['index'] ?? -1);
    const hold = (target.dataset['hold'] ?? 'whole') as Hold;
    const before = this.said().daily;
    if (index >= 0) this.drag = { index, hold, from: at, before };
    else {
      this.drag = { index: before.length, hold: 'ends', from: at, before: [...before, { begins: at, ends: at }] };
    }
    band.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  protected move(event: PointerEvent): void {
    const drag = this.drag;
    if (!drag) return;
    const at = this.minuteAt(event, event.currentTarget as HTMLElement);
    this.dragged.set(drag.before.map((one, index) => (index === drag.index ? moved(one, drag, at) : one)));
  }

  protected up(): void {
    const found = this.dragged();
    this.drag = null;
    this.dragged.set(null);
    if (found) this.emit(found.filter((one) => one.begins !== one.ends));
  }

  /** What was dragged so far is forgotten. */
  protected cancel(): void {
    this.drag = null;
    this.dragged.set(null);
  }

  private minuteAt(event: PointerEvent, band: HTMLElement): number {
    const box = band.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return Math.round((share * DAY_MINUTES) / SNAP) * SNAP;
  }

  private emit(daily: readonly DailyWindow[]): void {
    this.changed.emit(writeWindows(daily, this.others()));
  }
}

function moved(window: DailyWindow, drag: Drag, at: number): DailyWindow {
  if (drag.hold === 'ends' && window.begins === drag.from && window.ends === drag.from)
    return at < drag.from ? { begins: at, ends: drag.from } : { begins: drag.from, ends: at };
  if (drag.hold !== 'whole') return { ...window, [drag.hold]: at };
  const shift = at - drag.from;
  const turned = (minutes: number) => (((minutes + shift) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
  return { begins: turned(window.begins), ends: turned(window.ends) };
}
