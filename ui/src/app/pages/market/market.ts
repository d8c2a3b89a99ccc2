import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Router } from '@angular/router';
import { HomeStore } from '../../bus/home-store';
import { NUMBERS } from '../../shared/language';
import { dayAndTime, localText, unixOf } from '../../shared/moments';
import { ContractsTab } from './contracts';
import { GroupsTab } from './groups';
import { MarketStore } from './market-store';
import { OrderTab } from './order';
import { PricesTab } from './prices';
import { SealsTab } from './seals';
import { StatementTab } from './statement';

type Tab = 'groups' | 'contracts' | 'order' | 'prices' | 'statement' | 'seals';

/** The market of the home: groups, contracts, merit order, prices, statements and seals, for the epoch that is looked at. */
@Component({
  selector: 'jb-market',
  imports: [ContractsTab, GroupsTab, OrderTab, PricesTab, SealsTab, StatementTab],
  providers: [MarketStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './market.html',
  styleUrl: './market.css',
})
export class MarketPage {
  private readonly router = inject(Router);
  private readonly home = inject(HomeStore);
  protected readonly market = inject(MarketStore);
  /** Of the address. */
  readonly tab = input<Tab | undefined>();
  readonly asset = input<string | undefined>();

  protected readonly tabs: readonly { name: Tab; text: string }[] = [
    { name: 'groups', text: $localize`Groups` },
    { name: 'contracts', text: $localize`Contracts` },
    { name: 'order', text: $localize`Merit order` },
    { name: 'prices', text: $localize`Prices` },
    { name: 'statement', text: $localize`Statement` },
    { name: 'seals', text: $localize`Seals` },
  ];
  protected readonly shown = computed(() => this.tabs.find((one) => one.name === this.tab())?.name ?? 'groups');
  protected readonly epochText = computed(() => localText(this.market.begins(this.market.epoch()), this.home.timezone()));
  protected readonly epochSays = computed(() => {
    const begins = this.market.begins(this.market.epoch());
    const ends = dayAndTime(begins + this.market.epochSeconds(), this.home.timezone()).slice(-5);
    return `${dayAndTime(begins, this.home.timezone())}–${ends}`;
  });
  protected readonly figures = computed(() => {
    const state = this.market.books()?.state;
    return [
      { name: $localize`Assets`, value: number(state?.assets), under: $localize`meters, groups and partners` },
      { name: $localize`Contracts`, value: number(state?.contracts), under: $localize`also those that have ended` },
      { name: $localize`Seals`, value: number(state?.sealed), under: $localize`one an asset and epoch` },
      { name: $localize`Late values`, value: number(state?.late), under: $localize`came after their seal` },
    ];
  });
  protected readonly notes = computed(() => {
    const ledger = this.market.books()?.state.ledger;
    return [...(ledger?.trouble ? [ledger.trouble] : []), ...(ledger?.notes ?? [])];
  });

  protected choose(tab: Tab): void {
    void this.router.navigate([], { queryParams: { tab, asset: this.asset() } });
  }

  /** Look at the statement or the seals of an asset. */
  protected show(tab: Tab, asset: string): void {
    void this.router.navigate([], { queryParams: { tab, asset } });
  }

  protected chooseTime(text: string): void {
    const unix = unixOf(text, this.home.timezone());
    if (unix !== null) this.market.chosen.set(Math.floor(unix / this.market.epochSeconds()));
  }

  protected step(direction: number): void {
    this.market.chosen.set(Math.max(0, this.market.epoch() + direction));
  }
}

function number(value: number | undefined): string {
  return value === undefined ? '–' : value.toLocaleString(NUMBERS);
}
