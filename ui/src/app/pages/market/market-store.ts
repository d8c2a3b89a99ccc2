import { computed, DestroyRef, effect, inject, Injectable, linkedSignal, resource, signal } from '@angular/core';
import type { Asset, BooksState, ListedContract, Procedures } from '@words';
import { Connection } from '../../bus/connection';
import { CallError } from '../../bus/errors';
import { HomeStore } from '../../bus/home-store';
import { Notices } from '../../shared/notices';

const PAGE = 500;
/** Changes come in bursts when an epoch is booked; they are read together. */
const GATHER_MILLISECONDS = 600;

interface Books {
  readonly state: BooksState;
  readonly assets: readonly Asset[];
  readonly contracts: readonly ListedContract[];
}

type Market<P extends string> = P extends `joulebus.{home}.market.${string}` ? P : never;
type Call = Market<keyof Procedures>;

/** What all tabs of the market share: the books as they stand, the epoch that is looked at, and the way to change something. */
@Injectable()
export class MarketStore {
  private readonly connection = inject(Connection);
  private readonly home = inject(HomeStore);
  private readonly notices = inject(Notices);

  /** Grows when the market has changed: who shows something of it asks again. */
  readonly changes = signal(0);
  private readonly asked = resource({
    params: () => ({ changes: this.changes(), joins: this.connection.joins() }),
    loader: () => this.ask(),
  });
  /** As they were known last, also while they are asked for again. */
  readonly books = linkedSignal<Books | null, Books | null>({
    source: () => (this.asked.hasValue() ? this.asked.value() : null),
    computation: (now, before) => now ?? before?.value ?? null,
  });
  readonly trouble = computed(() => (this.asked.error() as CallError | undefined)?.message ?? '');
  readonly isMissing = computed(() => (this.asked.error() as CallError | undefined)?.uri === 'wamp.error.no_such_procedure');
  readonly may = computed(() => ['trader', 'admin'].includes(this.connection.role()) && this.connection.state() === 'online');
  readonly why = computed(() =>
    this.may()
      ? ''
      : $localize`You look, and change nothing: a trader or an admin may, after joulebus access link anna --role trader --page.`,
  );

  readonly epochSeconds = computed(() => this.books()?.state.epoch_seconds ?? 900);
  readonly now = computed(() => Math.floor(Date.parse(this.home.summary()?.time ?? '') / 1000 / this.epochSeconds()) || 0);
  /** The epoch that was chosen; null: the last one that has ended. */
  readonly chosen = signal<number | null>(null);
  readonly epoch = computed(() => this.chosen() ?? Math.max(0, this.now() - 1));
  /** Names that may stand in a field, sorted. */
  readonly names = computed(() => {
    const books = this.books();
    const said = (books?.contracts ?? []).flatMap((one) => [one.asset_id, one.partner_id]);
    return [...new Set([...(books?.assets ?? []).map((one) => one.asset_id), ...said])].sort();
  });
  readonly isBusy = signal(false);

  constructor() {
    let timer = 0;
    const hearing = this.connection.hear('joulebus.{home}.market.changed', () => {
      timer ||= window.setTimeout(() => {
        timer = 0;
        this.changes.update((count) => count + 1);
      }, GATHER_MILLISECONDS);
    });
    inject(DestroyRef).onDestroy(() => {
      hearing.close();
      window.clearTimeout(timer);
    });
    effect(() => {
      if (this.connection.joins() > 1) this.isBusy.set(false);
    });
  }

  /** Change the market. What was done is said; what was refused comes back as a sentence for the form, "" when all went well. */
  async change<P extends Call>(call: P, ask: Procedures[P]['ask'], done: (answer: Procedures[P]['answer']) => string): Promise<string> {
    this.isBusy.set(true);
    try {
      const answer = await this.connection.call(call, { ...ask, request_id: crypto.randomUUID?.() ?? null });
      this.notices.say(done(answer));
      this.changes.update((count) => count + 1);
      return '';
    } catch (error) {
      const refused = error as CallError;
      const fields = Object.entries(refused.fields ?? {}).map(([name, text]) => `${name}: ${text}`);
      return fields.length ? fields.join(' · ') : refused.message;
    } finally {
      this.isBusy.set(false);
    }
  }

  /** When an epoch begins, in unix seconds. */
  begins(epoch: number): number {
    return epoch * this.epochSeconds();
  }

  private async ask(): Promise<Books> {
    const state = await this.connection.call('joulebus.{home}.market.books.state', {});
    const [assets, contracts] = await Promise.all([
      this.all(
        (first) => this.connection.call('joulebus.{home}.market.asset.find', { q: '', first, most: PAGE }),
        (page) => page.assets,
      ),
      this.all(
        (first) => this.connection.call('joulebus.{home}.market.contract.list', { first, most: PAGE }),
        (page) => page.contracts,
      ),
    ]);
    return { state, assets, contracts };
  }

  /** Page by page, until nothing more comes. */
  private async all<T, U>(ask: (first: number) => Promise<T & { total: number }>, listed: (page: T) => readonly U[]): Promise<U[]> {
    const found: U[] = [];
    for (;;) {
      const page = await ask(found.length);
      found.push(...listed(page));
      if (found.length >= page.total || !listed(page).length) return found;
    }
  }
}
