import { ChangeDetectionStrategy, Component, computed, inject, input, resource, signal } from '@angular/core';
import { Connection } from '../bus/connection';
import { HomeStore } from '../bus/home-store';
import { kept } from './kept';
import { dayAndTime } from './moments';
import { propertyName } from './property-name';
import { inWords } from './sentences';
import { roleName } from './settings';
import { power } from './units';

const MOST = 20;
const SHOWN = 6;
const SPAN_SECONDS = 900;
const LEAST_SECONDS = 60;

const FLOWS: readonly { flow: string; text: string }[] = [
  { flow: 'sun>loads', text: $localize`Solar → home` },
  { flow: 'sun>battery', text: $localize`Solar → battery` },
  { flow: 'sun>export', text: $localize`Solar → grid` },
  { flow: 'battery>loads', text: $localize`Battery → home` },
  { flow: 'battery>export', text: $localize`Battery → grid` },
  { flow: 'grid>loads', text: $localize`Grid → home` },
  { flow: 'grid>battery', text: $localize`Grid → battery` },
];

interface Shown {
  readonly number: number;
  readonly unix: number;
  readonly when: string;
  readonly who: string;
  readonly what: string;
}

/** Who changed what of some devices, and what flowed before and after it. */
@Component({
  selector: 'jb-effects',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './effects.html',
  styleUrl: './effects.css',
})
export class Effects {
  private readonly connection = inject(Connection);
  private readonly store = inject(HomeStore);
  readonly devices = input.required<readonly string[]>();
  /** Grows when something was set here. */
  readonly sets = input(0);

  private readonly now = computed(() => Math.floor(Date.parse(this.store.summary()?.time ?? '') / 1000) || 0);
  private readonly minute = computed(() => Math.floor(this.now() / 60));
  /** Only operators may read the journal of changes. */
  protected readonly may = computed(() => ['operator', 'admin'].includes(this.connection.role()));
  private readonly asked = resource({
    params: () => (this.may() ? { sets: this.sets(), minute: Math.floor(this.minute() / 5), joins: this.connection.joins() } : undefined),
    loader: () => this.connection.call('joulebus.{home}.inverter.change_log', { most: MOST }),
  });
  protected readonly trouble = computed(() => this.asked.error()?.message ?? '');
  private readonly log = kept(this.asked);
  protected readonly changes = computed<Shown[]>(() =>
    (this.log()?.changes ?? [])
      .filter((one) => one.time && one.changes.some((change) => this.devices().includes(change.device)))
      .map((one) => {
        const unix = Math.floor(Date.parse(one.time ?? '') / 1000);
        return {
          number: one.number,
          unix,
          when: dayAndTime(unix, this.store.timezone()),
          who: one.by ? `${one.by.principal.split('/').at(-1)?.replace('~', '')}, ${roleName(one.by.role)}` : $localize`the home file`,
          what: `${one.changes[0]?.device}: ${said(one.by?.arguments ?? {}, one.changes[0]?.on)}`,
        };
      })
      .sort((a, b) => b.number - a.number)
      .slice(0, SHOWN),
  );
  protected readonly chosen = signal<number | null>(null);
  protected readonly shown = computed(() => this.changes().find((one) => one.number === this.chosen()) ?? this.changes()[0] ?? null);
  private readonly after = computed(() => Math.min(SPAN_SECONDS, Math.floor((this.now() - (this.shown()?.unix ?? 0)) / 60) * 60));
  private readonly compared = resource({
    params: () => {
      const unix = this.shown()?.unix;
      return unix !== undefined && this.after() >= LEAST_SECONDS ? { unix, after: this.after() } : undefined;
    },
    loader: async ({ params }) => {
      const flows = (from: number, to: number) =>
        this.connection.call('joulebus.{home}.historian.energy', {
          from_unix_seconds: from,
          to_unix_seconds: to,
          by: 'flow',
          resolution: '1m',
        });
      const begins = Math.max(params.unix - SPAN_SECONDS, this.store.snapshot()?.start_unix_seconds ?? 0);
      const minute = Math.floor(params.unix / 60) * 60;
      const [before, after, decisions] = await Promise.all([
        flows(Math.min(begins, minute - 60), minute),
        flows(minute + 60, minute + 60 + params.after),
        this.connection.call('joulebus.{home}.historian.decisions', {
          from_unix_seconds: begins,
          to_unix_seconds: params.unix + params.after,
        }),
      ]);
      return { unix: params.unix, before: meansOf(before), after: meansOf(after), decisions: decisions.decisions };
    },
  });
  private readonly found = kept(this.compared);
  protected readonly comparison = computed(() => {
    const found = this.found();
    const shown = this.shown();
    if (!found || !shown || found.unix !== shown.unix) return null;
    const rows = FLOWS.map(({ flow, text }) => ({ flow, text, before: found.before[flow] ?? 0, after: found.after[flow] ?? 0 }))
      .filter((row) => row.before >= 0.5 || row.after >= 0.5)
      .map((row) => ({
        ...row,
        beforeText: power(row.before),
        afterText: power(row.after),
        more: `${row.after > row.before ? '+' : row.after < row.before ? '−' : ''}${power(row.after - row.before)}`,
      }));
    return {
      rows,
      before: inWords(found.decisions.findLast((one) => one.unix_seconds < shown.unix)?.text ?? ''),
      after: inWords(found.decisions.findLast((one) => one.unix_seconds >= shown.unix)?.text ?? ''),
    };
  });
}

/** Mean powers in W. */
function meansOf(history: {
  series: Record<string, number[]>;
  from_unix_seconds: number;
  to_unix_seconds: number;
}): Record<string, number> {
  const seconds = Math.max(1, history.to_unix_seconds - history.from_unix_seconds);
  return Object.fromEntries(
    Object.entries(history.series).map(([name, values]) => [name, values.reduce((sum, one) => sum + one, 0) / seconds]),
  );
}

/** "reserve percent 40, discharge never" of what was asked for. */
function said(values: Readonly<Record<string, unknown>>, on: boolean | null | undefined): string {
  if (on != null) return on ? $localize`switched on` : $localize`switched off`;
  const parts = Object.entries(values).map(([name, value]) => {
    const text = Array.isArray(value) ? value.join(', ') : value === null ? $localize`no limit` : String(value);
    return `${propertyName(name)} ${text}`;
  });
  return parts.join(' · ') || $localize`set`;
}
