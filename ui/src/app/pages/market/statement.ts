import { ChangeDetectionStrategy, Component, computed, inject, input, output, resource } from '@angular/core';
import type { StatementLine } from '@words';
import { Connection } from '../../bus/connection';
import { HomeStore } from '../../bus/home-store';
import { kept } from '../../shared/kept';
import { dayAndTime } from '../../shared/moments';
import { csvOf, saveFile } from '../../shared/saving';
import { energy, money } from '../../shared/units';
import { MarketStore } from './market-store';
import { postingName } from './posting-name';

const MOST = 200;
const WH = 3600;

/** What came in to an asset and went out, the newest first, and what a meter's energy cost. */
@Component({
  selector: 'jb-market-statement',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './statement.html',
  styleUrl: './tab.css',
})
export class StatementTab {
  private readonly connection = inject(Connection);
  private readonly home = inject(HomeStore);
  protected readonly market = inject(MarketStore);
  readonly asset = input<string | undefined>();
  readonly chosen = output<string>();

  protected readonly shown = computed(
    () => this.asset() ?? this.market.books()?.assets.find((one) => one.type === 'balance' && one.balance_rule.to)?.asset_id ?? '',
  );
  protected readonly isMeter = computed(() => this.market.books()?.assets.find((one) => one.asset_id === this.shown())?.type === 'meter');
  /** Up to the epoch that is looked at. */
  private readonly asked = resource({
    params: () => (this.shown() ? { asset: this.shown(), until: this.market.epoch() + 1, changes: this.market.changes() } : undefined),
    loader: async ({ params }) => {
      const [statement, money] = await Promise.all([
        this.connection.call('joulebus.{home}.market.balancing.statements', {
          asset_id: params.asset,
          until_epoch: params.until,
          most: MOST,
        }),
        this.isMeter()
          ? this.connection.call('joulebus.{home}.market.clearing.retrieve', {
              meter_id: params.asset,
              until_epoch: params.until,
              limit: MOST,
            })
          : null,
      ]);
      return { statement, money };
    },
  });
  private readonly found = kept(this.asked);
  protected readonly trouble = computed(() => this.asked.error()?.message ?? '');
  protected readonly rows = computed(() =>
    (this.found()?.statement.lines ?? []).map((line) => ({
      line,
      when: dayAndTime(this.market.begins(line.posting.epoch), this.home.timezone()),
      amount: signed(line.wh),
      running: signed(line.running_wh),
      why: this.whyOf(line),
    })),
  );
  protected readonly net = computed(() => signed(this.found()?.statement.net_wh ?? 0));
  protected readonly hasMore = computed(() => !!this.found()?.statement.next);
  protected readonly cost = computed(() => {
    const found = this.found()?.money;
    return found ? { text: money(found.micro_euro, '€'), energy: signed(found.consumption), unpriced: found.unpriced_wh ?? 0 } : null;
  });

  protected save(): void {
    const head = ['time', 'epoch', 'asset', 'peer', 'Wh', 'kind', 'contract', 'segment', 'source'];
    const rows = (this.found()?.statement.lines ?? []).map((line) => [
      new Date(this.market.begins(line.posting.epoch) * 1000).toISOString(),
      line.posting.epoch,
      this.shown(),
      line.peer,
      line.wh,
      line.posting.kind,
      line.posting.contract_id ?? '',
      line.posting.label ?? '',
      line.posting.source ?? '',
    ]);
    saveFile(`${this.connection.home()}-${this.shown()}-statement.csv`, csvOf([head, ...rows]));
  }

  private whyOf(line: StatementLine): string {
    const original = line.posting.original_epoch;
    return postingName(line.posting, original == null ? '' : dayAndTime(this.market.begins(original), this.home.timezone()));
  }
}

/** Wh with their sign, because a statement has two directions. */
export function signed(wh: number): string {
  return `${wh > 0 ? '+' : wh < 0 ? '−' : ''}${energy(wh * WH)}`;
}
