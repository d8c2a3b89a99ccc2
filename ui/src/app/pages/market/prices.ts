import { ChangeDetectionStrategy, Component, computed, inject, resource, signal } from '@angular/core';
import { Connection } from '../../bus/connection';
import { HomeStore } from '../../bus/home-store';
import { kept } from '../../shared/kept';
import { dayAndTime, localText, unixOf } from '../../shared/moments';
import { reading } from '../../shared/units';
import { MarketStore } from './market-store';

const HOURS = 24;
const MOST = 500;
/** Bars of the band, from its lowest price to its highest, in percent of its height. */
const HEIGHT = { least: 22, most: 92 };

/** What a kWh costs: segment by segment, the next day, and since when. */
@Component({
  selector: 'jb-market-prices',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './prices.html',
  styleUrls: ['./tab.css', './prices.css'],
})
export class PricesTab {
  private readonly connection = inject(Connection);
  private readonly home = inject(HomeStore);
  protected readonly market = inject(MarketStore);

  private readonly asked = resource({
    params: () => ({ epoch: this.market.epoch(), changes: this.market.changes() }),
    loader: async ({ params }) => {
      const start = this.market.begins(params.epoch) * 1000;
      const [labels, list] = await Promise.all([
        this.connection.call('joulebus.{home}.market.tariff.labels', { start_time: start, end_time: start + HOURS * 3_600_000 }),
        this.connection.call('joulebus.{home}.market.tariff.list_prices', { first: 0, most: MOST }),
      ]);
      return { labels, list };
    },
  });
  private readonly found = kept(this.asked);
  protected readonly trouble = computed(() => this.asked.error()?.message ?? '');
  /** Runs of epochs with one price, along the day. */
  protected readonly bands = computed(() => {
    const epochs = this.found()?.labels.epochs ?? [];
    const prices = epochs.map((one) => one.micro_euro_per_kwh ?? 0);
    const [least, most] = [Math.min(...prices), Math.max(...prices)];
    const runs: { label: string; price: number | null; first: number; count: number }[] = [];
    for (const one of epochs) {
      const last = runs.at(-1);
      if (last?.label === one.label && last.price === (one.micro_euro_per_kwh ?? null)) last.count++;
      else runs.push({ label: one.label, price: one.micro_euro_per_kwh ?? null, first: one.epoch, count: 1 });
    }
    return runs.map((run) => ({
      ...run,
      width: (100 * run.count) / epochs.length,
      height: most > least ? HEIGHT.least + ((HEIGHT.most - HEIGHT.least) * ((run.price ?? 0) - least)) / (most - least) : 57,
      text: run.price === null ? $localize`no price` : this.priceText(run.price),
      from: dayAndTime(this.market.begins(run.first), this.home.timezone()),
      until: dayAndTime(this.market.begins(run.first + run.count), this.home.timezone()),
    }));
  });
  protected readonly rows = computed(() =>
    (this.found()?.list.prices ?? []).map((one) => ({
      ...one,
      text: this.priceText(one.micro_euro_per_kwh),
      since: dayAndTime(this.market.begins(one.from_epoch), this.home.timezone()),
    })),
  );
  protected readonly segments = computed(() => [...new Set(this.rows().map((one) => one.label))]);
  protected readonly wrong = signal('');
  protected readonly nextEpoch = computed(() => localText(this.market.begins(this.market.now() + 1), this.home.timezone()));

  protected async save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const said = new FormData(event.target as HTMLFormElement);
    const label = String(said.get('label')).trim();
    const price = String(said.get('price')).trim().replace(',', '.');
    const from = unixOf(String(said.get('from')), this.home.timezone());
    if (!label || !/^-?\d+(\.\d{1,6})?$/.test(price)) {
      this.wrong.set($localize`A price needs a segment such as day, and euro per kWh such as 0.32; the price was "${price}:PRICE:".`);
      return;
    }
    this.wrong.set(
      await this.market.change(
        'joulebus.{home}.market.tariff.set_prices',
        {
          prices: { [label]: Math.round(Number(price) * 1e6) },
          from_epoch: from === null ? null : Math.floor(from / this.market.epochSeconds()),
        },
        () => $localize`${label}:SEGMENT: costs ${price}:PRICE: € a kWh from then on.`,
      ),
    );
  }

  private priceText(microEuro: number): string {
    return reading('price_micro_euro_per_kwh', microEuro);
  }
}
