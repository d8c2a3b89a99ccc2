import { ChangeDetectionStrategy, Component, computed, inject, input, output, resource, signal } from '@angular/core';
import type { Contract } from '@words';
import { Connection } from '../../bus/connection';
import { kept } from '../../shared/kept';
import { energy } from '../../shared/units';
import { MarketStore } from './market-store';
import { stackOf } from './stack';

const MOST = 500;
const WH = 3600;

/** In which order a seller serves its contracts: a stack, with the line up to which it was served in the epoch. */
@Component({
  selector: 'jb-market-order',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './order.html',
  styleUrls: ['./tab.css', './order.css'],
})
export class OrderTab {
  private readonly connection = inject(Connection);
  protected readonly market = inject(MarketStore);
  readonly asset = input<string | undefined>();
  readonly chosen = output<string>();

  protected readonly sellers = computed(() => [...new Set((this.market.books()?.contracts ?? []).map((one) => one.asset_id))].sort());
  protected readonly seller = computed(() => this.sellers().find((one) => one === this.asset()) ?? this.sellers()[0] ?? '');
  private readonly asked = resource({
    params: () => (this.seller() ? { seller: this.seller(), epoch: this.market.epoch(), changes: this.market.changes() } : undefined),
    loader: async ({ params }) => {
      const [order, balance] = await Promise.all([
        this.connection.call('joulebus.{home}.market.meritorder.get', { asset_id: params.seller, most: MOST }),
        this.connection.call('joulebus.{home}.market.balancing.balance', { asset_id: params.seller, epoch: params.epoch }),
      ]);
      return { order, balance };
    },
  });
  private readonly found = kept(this.asked);
  protected readonly trouble = computed(() => this.asked.error()?.message ?? '');
  protected readonly order = computed<readonly Contract[]>(() => this.found()?.order.contracts ?? []);
  protected readonly isSealed = computed(() => this.found()?.balance.sealed ?? false);
  protected readonly stack = computed(() => {
    const stack = stackOf(this.order(), this.found()?.balance ?? null, this.market.epochSeconds());
    const share = (wh: number) => (100 * wh) / stack.widthWh;
    return {
      ...stack,
      at: share(stack.clearingWh),
      clearing: energy(stack.clearingWh * WH),
      steps: stack.steps.map((step) => ({
        ...step,
        left: share(step.fromWh),
        width: share(step.toWh - step.fromWh),
        servedWidth: share(step.servedWh),
        served: energy(step.servedWh * WH),
        limit: step.isOpen ? $localize`all that is left` : energy((step.toWh - step.fromWh) * WH),
      })),
    };
  });
  /** Contracts of the seller that were taken out of its order. */
  protected readonly apart = computed(() =>
    (this.market.books()?.contracts ?? []).filter(
      (one) => one.asset_id === this.seller() && one.priority === null && one.status !== 'ended',
    ),
  );
  protected readonly wrong = signal('');

  protected earlierLabel(contract: string): string {
    return $localize`Serve ${contract}:CONTRACT: earlier`;
  }

  protected laterLabel(contract: string): string {
    return $localize`Serve ${contract}:CONTRACT: later`;
  }

  protected stepOf(contract: string): { limit: string; served: string } | undefined {
    return this.stack().steps.find((one) => one.contract.contract_id === contract);
  }

  protected async move(contract: string, place: number): Promise<void> {
    const says = () => $localize`${contract}:CONTRACT: is served at place ${place + 1}:PLACE:.`;
    const ask = { asset_id: this.seller(), contract_id: contract, place };
    this.wrong.set(await this.market.change('joulebus.{home}.market.meritorder.move', ask, says));
  }

  protected async takeOut(contract: string): Promise<void> {
    const says = () => $localize`${contract}:CONTRACT: is not served until it is put back.`;
    const ask = { asset_id: this.seller(), contract_id: contract };
    this.wrong.set(await this.market.change('joulebus.{home}.market.meritorder.remove', ask, says));
  }

  protected async putBack(contract: string): Promise<void> {
    const says = () => $localize`${contract}:CONTRACT: is served again, as the last one.`;
    const ask = { asset_id: this.seller(), contract_id: contract };
    this.wrong.set(await this.market.change('joulebus.{home}.market.meritorder.add', ask, says));
  }
}
