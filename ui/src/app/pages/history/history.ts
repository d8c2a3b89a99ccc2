import { ChangeDetectionStrategy, Component, computed, ElementRef, inject, input, resource, viewChild } from '@angular/core';
import { Router } from '@angular/router';
import type { History } from '@words';
import { Connection } from '../../bus/connection';
import { HomeStore } from '../../bus/home-store';
import { layersOf } from '../../shared/flows';
import { kept } from '../../shared/kept';
import { dayAndTime, localText, unixOf } from '../../shared/moments';
import { Notices } from '../../shared/notices';
import { pngOf } from '../../shared/picture';
import { csvOf, saveFile } from '../../shared/saving';
import { inWords } from '../../shared/sentences';
import { StackChart } from '../../shared/stack-chart';
import { bucketText, energy, money, power } from '../../shared/units';
import { figuresOf } from './figures';

const SPANS = [
  { name: '6h', text: $localize`6 hours`, seconds: 21_600 },
  { name: '1d', text: $localize`Day`, seconds: 86_400 },
  { name: '7d', text: $localize`Week`, seconds: 604_800 },
  { name: '30d', text: $localize`30 days`, seconds: 2_592_000 },
] as const;
const POINTS_MAX = 120;
const LEAST_SECONDS = 60;

interface Bounds {
  readonly from: number;
  readonly to: number;
}

/** The past of the home, as far as its historian keeps it; the span, and what it is compared with, are in the address. */
@Component({
  selector: 'jb-history',
  imports: [StackChart],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './history.html',
  styleUrl: './history.css',
})
export class HistoryPage {
  private readonly connection = inject(Connection);
  private readonly notices = inject(Notices);
  private readonly router = inject(Router);
  protected readonly store = inject(HomeStore);
  private readonly chart = viewChild('chart', { read: ElementRef });
  readonly span = input<string | undefined>();
  /** Unix seconds at which the span begins; without it, by its length. */
  readonly from = input<string | undefined>();
  /** Unix seconds at which the span ends; without it, as far as the history goes. */
  readonly to = input<string | undefined>();
  /** Unix seconds at which the other span begins, which is as long; without it, there is none. */
  readonly other = input<string | undefined>();
  protected readonly bucketText = bucketText;
  protected readonly spans = SPANS;
  protected readonly shown = computed(() =>
    number(this.from()) === null ? (SPANS.find((one) => one.name === this.span()) ?? SPANS[1]) : null,
  );
  private readonly birth = computed(() => this.store.snapshot()?.start_unix_seconds ?? 0);
  private readonly end = computed(() => number(this.to()));

  private readonly asked = computed(() => ({
    seconds: this.shown()?.seconds ?? 0,
    from: number(this.from()),
    end: this.end(),
    other: number(this.other()),
    joins: this.connection.joins(),
  }));
  protected readonly found = resource({
    params: () => this.asked(),
    loader: async ({ params }) => {
      const to = Math.max(params.end ?? this.now(), this.birth() + LEAST_SECONDS);
      const bounds = { from: Math.max(params.from ?? to - params.seconds, this.birth()), to };
      const [span, compared] = await Promise.all([
        this.ask(bounds),
        params.other === null ? null : this.askOther({ from: params.other, to: params.other + bounds.to - bounds.from }),
      ]);
      return { bounds, ...span, compared };
    },
  });
  /** What was answered last, also while it is asked again. */
  protected readonly known = kept(this.found);
  protected readonly trouble = computed(() => this.found.error()?.message ?? '');
  protected readonly texts = computed(() => {
    const bounds = this.known()?.bounds;
    return bounds ? [bounds.from, bounds.to].map((unix) => localText(unix, this.store.timezone())) : ['', ''];
  });
  protected readonly layers = computed(() => layers(this.known()?.energy));
  protected readonly compared = computed(() => this.known()?.compared ?? null);
  protected readonly comparedLayers = computed(() => layers(this.compared()?.energy));
  protected readonly otherText = computed(() => {
    const other = number(this.other());
    return other === null ? '' : localText(other, this.store.timezone());
  });
  protected readonly figures = computed(() => {
    const known = this.known();
    if (!known) return [];
    const [now, then] = [figuresOf(known.energy, known.cost), known.compared && figuresOf(known.compared.energy, known.compared.cost)];
    const currency = this.store.currency();
    const said = (name: string, value: number) => (name === 'cost' ? money(value, currency) : energy(value));
    return [
      { name: 'solar', text: $localize`Solar gave` },
      { name: 'used', text: $localize`The home used` },
      { name: 'bought', text: $localize`Bought` },
      { name: 'sold', text: $localize`Sold` },
      { name: 'cost', text: $localize`Cost` },
    ].map(({ name, text }) => {
      const [value, before] = [now[name as keyof typeof now], then ? then[name as keyof typeof now] : null];
      const more = before === null ? 0 : value - before;
      const size = name === 'cost' ? money(Math.abs(more), currency) : energy(more);
      return {
        name,
        text,
        now: said(name, value),
        then: before === null ? '' : said(name, before),
        more: before === null ? '' : `${more > 0 ? '+' : more < 0 ? '−' : ''}${size}`,
      };
    });
  });
  protected readonly decisions = computed(() => {
    const decisions = this.known()?.decisions.decisions ?? [];
    return [...decisions]
      .reverse()
      .map((one) => ({ ...one, text: inWords(one.text), when: dayAndTime(one.unix_seconds, this.store.timezone()) }));
  });
  protected readonly peaks = computed(() => {
    const peaks = this.known()?.peaks.highest ?? [];
    return peaks.map((one) => ({ when: dayAndTime(one.unix_seconds, this.store.timezone()), text: power(one.watts) }));
  });

  protected choose(span: string): void {
    this.go({ span, to: this.to() });
  }

  protected chooseBound(index: 0 | 1, text: string): void {
    const bounds = this.known()?.bounds;
    const unix = unixOf(text, this.store.timezone());
    if (!bounds || unix === null) return;
    const [from, to] = index === 0 ? [unix, bounds.to] : [bounds.from, unix];
    if (from >= to) this.notices.warn(new Error($localize`A span must begin before it ends; choose an earlier beginning or a later end.`));
    else this.go({ from, to, other: this.other() });
  }

  protected step(direction: number): void {
    const bounds = this.known()?.bounds;
    if (!bounds) return;
    const length = this.shown()?.seconds ?? bounds.to - bounds.from;
    const to = Math.max((this.end() ?? this.now()) + direction * length, this.birth() + Math.min(length, LEAST_SECONDS * 60));
    const isNow = to >= this.now();
    if (this.shown()) this.go({ span: this.shown()?.name, to: isNow ? null : to });
    else this.go({ from: Math.max(to - length, this.birth()), to });
  }

  /** Compare with the span that began so many seconds earlier; 0: with the one right before. Null: with none. */
  protected compare(seconds: number | null): void {
    const bounds = this.known()?.bounds;
    if (!bounds) return;
    const shift = seconds === 0 ? bounds.to - bounds.from : seconds;
    this.go({ ...this.address(), other: shift === null ? null : bounds.from - shift });
  }

  protected compareWith(text: string): void {
    const unix = unixOf(text, this.store.timezone());
    if (unix !== null) this.go({ ...this.address(), other: unix });
  }

  /** What the chart shows, as a table for other programs. */
  protected save(): void {
    const history = this.known()?.energy;
    if (!history) return;
    const names = Object.keys(history.series).sort();
    const rows = history.starts.map((start, bucket) => [
      new Date(start * 1000).toISOString(),
      ...names.map((name) => history.series[name]?.[bucket] ?? 0),
    ]);
    saveFile(`${this.fileName()}.csv`, csvOf([['time', ...names.map((name) => `${name} J`)], ...rows]));
  }

  protected async savePicture(): Promise<void> {
    const chart = this.chart()?.nativeElement as Element | undefined;
    const bounds = this.known()?.bounds;
    if (!chart || !bounds) return;
    try {
      const [from, to] = [bounds.from, bounds.to].map((unix) => dayAndTime(unix, this.store.timezone()));
      saveFile(`${this.fileName()}.png`, await pngOf(chart, `${this.connection.home()}, ${from} – ${to}`));
    } catch (error) {
      this.notices.warn(error);
    }
  }

  private fileName(): string {
    return `${this.connection.home()}-${this.texts()[0]?.replaceAll(':', '')}-${this.shown()?.name ?? 'span'}`;
  }

  private address(): Record<string, unknown> {
    return { span: this.span(), from: this.from(), to: this.to() };
  }

  private go(queryParams: Record<string, unknown>): void {
    void this.router.navigate([], { queryParams });
  }

  private now(): number {
    return Math.ceil(Date.parse(this.store.summary()?.time ?? '') / 1000);
  }

  private async ask({ from, to }: Bounds) {
    const span = { from_unix_seconds: from, to_unix_seconds: to };
    const [energy, cost, decisions, peaks] = await Promise.all([
      this.connection.call('joulebus.{home}.historian.energy', { ...span, by: 'flow', points_max: POINTS_MAX }),
      this.connection.call('joulebus.{home}.historian.cost', span),
      this.connection.call('joulebus.{home}.historian.decisions', { ...span, most: 30 }),
      this.connection.call('joulebus.{home}.historian.peaks', { ...span, most: 5 }),
    ]);
    return { energy, cost, decisions, peaks };
  }

  private async askOther({ from, to }: Bounds) {
    if (from < this.birth()) return null;
    const span = { from_unix_seconds: from, to_unix_seconds: to };
    const [energy, cost] = await Promise.all([
      this.connection.call('joulebus.{home}.historian.energy', { ...span, by: 'flow', points_max: POINTS_MAX }),
      this.connection.call('joulebus.{home}.historian.cost', span),
    ]);
    return { energy, cost };
  }
}

function layers(history: History | undefined) {
  return history ? layersOf(history.series, history.starts.length) : [];
}

function number(text: string | undefined): number | null {
  return text && Number.isSafeInteger(Number(text)) ? Number(text) : null;
}
