import { ChangeDetectionStrategy, Component, computed, inject, output, resource, signal } from '@angular/core';
import type { Posting } from '@words';
import { Connection } from '../../bus/connection';
import { kept } from '../../shared/kept';
import { told } from '../../shared/told';
import { energy } from '../../shared/units';
import { BOX, Box, graphOf, Line } from './graph';
import { MarketStore } from './market-store';

const POSTINGS = 2000;
const WH = 3600;

/** Who is balanced against whom, what went between them in the epoch, and the forms for both. */
@Component({
  selector: 'jb-market-groups',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './groups.html',
  styleUrls: ['./tab.css', './groups.css'],
})
export class GroupsTab {
  private readonly connection = inject(Connection);
  protected readonly market = inject(MarketStore);
  /** The name of an asset whose statement is wanted. */
  readonly opened = output<string>();

  protected readonly box = BOX;
  private readonly asked = resource({
    params: () => ({ epoch: this.market.epoch(), changes: this.market.changes() }),
    loader: ({ params }) => this.connection.call('joulebus.{home}.market.balancing.postings', { epoch: params.epoch, most: POSTINGS }),
  });
  private readonly postings = kept(this.asked);
  protected readonly trouble = computed(() => this.asked.error()?.message ?? '');
  protected readonly graph = computed(() => {
    const books = this.market.books();
    const postings: readonly Posting[] = this.postings()?.postings ?? [];
    return graphOf(books?.assets ?? [], books?.contracts ?? [], postings, books?.state.root ?? '');
  });
  protected readonly lines = computed(() => this.graph().lines.map((line) => ({ ...line, text: textOf(line) })));
  protected readonly booked = computed(() => {
    const found = this.postings();
    return found ? found.total : 0;
  });

  protected readonly wrong = signal('');
  protected readonly wrongBooking = signal('');
  /** The asset that stands in the form. */
  protected readonly draft = signal({ name: '', type: 'balance', from: '', to: '' });

  protected kindOf(box: Box): string {
    return {
      root: $localize`root group`,
      group: $localize`group`,
      meter: $localize`meter`,
      partner: $localize`partner`,
    }[box.kind];
  }

  protected netOf(box: Box): string {
    return `${box.netWh < 0 ? '−' : box.netWh > 0 ? '+' : ''}${energy(box.netWh * WH)}`;
  }

  /** Take an asset into the form. */
  protected pick(box: Box): void {
    const asset = this.market.books()?.assets.find((one) => one.asset_id === box.name);
    this.draft.set({
      name: box.name,
      type: asset?.type ?? 'balance',
      from: asset?.balance_rule.from ?? '',
      to: asset?.balance_rule.to ?? '',
    });
    this.wrong.set('');
  }

  protected write(field: 'name' | 'type' | 'from' | 'to', value: string): void {
    this.draft.update((draft) => ({ ...draft, [field]: value }));
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    const { name, type, from, to } = this.draft();
    this.wrong.set(
      await this.market.change(
        'joulebus.{home}.market.asset.upsert',
        { asset_id: name.trim(), type, balance_rule: { from: from.trim() || null, to: to.trim() || null } },
        (done) => $localize`${name.trim()}:NAME: stands in the books at revision ${done.revision}:REVISION:.`,
      ),
    );
    if (!this.wrong()) this.draft.set({ name: '', type: 'balance', from: '', to: '' });
  }

  protected async book(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const said = new FormData(form);
    const amount = String(said.get('wh')).trim();
    const wh = Number(amount);
    if (!amount || !Number.isSafeInteger(wh)) {
      this.wrongBooking.set($localize`The amount must be a whole number of Wh such as 500, but was "${amount}:AMOUNT:".`);
      return;
    }
    const meter = String(said.get('meter')).trim();
    this.wrongBooking.set(
      await this.market.change(
        'joulebus.{home}.market.balancing.add_settlement',
        { meter_id: meter, epoch: this.market.epoch(), wh, source: 'dashboard' },
        (done) => (done.status === 'ok' ? $localize`${wh}:AMOUNT: Wh of ${meter}:METER: are booked.` : told(done.reason ?? done.status)),
      ),
    );
    if (!this.wrongBooking()) form.reset();
  }
}

function textOf(line: Line): string {
  const parts = [...(line.forthWh ? [`→ ${energy(line.forthWh * WH)}`] : []), ...(line.backWh ? [`← ${energy(line.backWh * WH)}`] : [])];
  return parts.join('  ');
}
