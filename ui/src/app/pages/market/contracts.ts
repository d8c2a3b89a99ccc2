import { ChangeDetectionStrategy, Component, computed, ElementRef, inject, signal, viewChild } from '@angular/core';
import type { ListedContract } from '@words';
import { HomeStore } from '../../bus/home-store';
import { dayAndTime, localText, unixOf } from '../../shared/moments';
import { energy, power } from '../../shared/units';
import { MarketStore } from './market-store';
import { changedOf, Draft, draftOf, EMPTY, termsOf } from './terms';

const WH = 3600;

/** Contracts: add one, change its terms, end it. */
@Component({
  selector: 'jb-market-contracts',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './contracts.html',
  styleUrl: './tab.css',
})
export class ContractsTab {
  private readonly home = inject(HomeStore);
  protected readonly market = inject(MarketStore);
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('ending');

  protected readonly draft = signal<Draft>(EMPTY);
  /** The contract that is changed; null: a new one. */
  protected readonly edited = signal<ListedContract | null>(null);
  protected readonly ended = signal<ListedContract | null>(null);
  protected readonly wrong = signal('');
  protected readonly rows = computed(() =>
    (this.market.books()?.contracts ?? []).map((contract) => ({
      contract,
      parties: contract.direction === 'to' ? [contract.asset_id, contract.partner_id] : [contract.partner_id, contract.asset_id],
      limits: this.limits(contract),
      valid: this.validity(contract),
      served: energy((contract.balanced ?? 0) * WH),
    })),
  );

  protected changeLabel(contract: string): string {
    return $localize`Change ${contract}:CONTRACT:`;
  }

  protected endLabel(contract: string): string {
    return $localize`End ${contract}:CONTRACT:`;
  }

  protected statusOf(contract: ListedContract): string {
    return { active: $localize`active`, inactive: $localize`inactive`, ended: $localize`ended` }[contract.status];
  }

  protected write<F extends keyof Draft>(field: F, value: string): void {
    this.draft.update((draft) => ({ ...draft, [field]: value }));
  }

  protected edit(contract: ListedContract): void {
    this.edited.set(contract);
    this.draft.set(draftOf(contract, (epoch) => localText(this.market.begins(epoch), this.home.timezone())));
    this.wrong.set('');
  }

  protected discard(): void {
    this.edited.set(null);
    this.draft.set(EMPTY);
    this.wrong.set('');
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    const before = this.edited();
    this.wrong.set(before ? await this.change(before) : await this.add());
    if (!this.wrong()) this.discard();
  }

  protected askEnd(contract: ListedContract): void {
    this.ended.set(contract);
    this.dialog().nativeElement.showModal();
  }

  protected async end(): Promise<void> {
    const contract = this.ended();
    this.dialog().nativeElement.close();
    if (!contract) return;
    this.wrong.set(
      await this.market.change(
        'joulebus.{home}.market.contract.end',
        { contract_id: contract.contract_id },
        () => $localize`${contract.contract_id}:CONTRACT: is served no more.`,
      ),
    );
  }

  private add(): Promise<string> {
    const draft = this.draft();
    const given = Object.fromEntries(Object.entries(termsOf(draft, this.epochOf)).filter(([, value]) => value !== null));
    return this.market.change(
      'joulebus.{home}.market.contract.add',
      {
        contract_id: draft.id.trim() || null,
        asset_id: draft.seller.trim(),
        partner_id: draft.partner.trim(),
        direction: draft.direction,
        status: draft.status,
        ...given,
      },
      (done) => $localize`${done.contract_id}:CONTRACT: is added.`,
    );
  }

  private change(before: ListedContract): Promise<string> {
    const draft = this.draft();
    const old = draftOf(before, (epoch) => localText(this.market.begins(epoch), this.home.timezone()));
    const terms = changedOf(termsOf(old, this.epochOf), termsOf(draft, this.epochOf));
    const status = draft.status === before.status ? {} : { status: draft.status };
    return this.market.change(
      'joulebus.{home}.market.contract.update',
      { contract_id: before.contract_id, ...terms, ...status },
      () => $localize`${before.contract_id}:CONTRACT: is changed from the next epoch on in which nothing is booked.`,
    );
  }

  private readonly epochOf = (text: string): number | null => {
    const unix = unixOf(text, this.home.timezone());
    return unix === null ? null : Math.floor(unix / this.market.epochSeconds());
  };

  private limits(contract: ListedContract): string {
    const said = [
      contract.energy != null ? $localize`${energy(contract.energy * WH)}:ENERGY: an epoch` : '',
      contract.total_energy != null ? $localize`${energy(contract.total_energy * WH)}:ENERGY: in all` : '',
      contract.load_min ? $localize`from ${power(contract.load_min)}:POWER: on` : '',
      contract.load_max != null ? $localize`up to ${power(contract.load_max)}:POWER:` : '',
    ];
    return said.filter(Boolean).join(', ') || $localize`none`;
  }

  private validity(contract: ListedContract): string {
    const time = (epoch: number) => dayAndTime(this.market.begins(epoch), this.home.timezone());
    const said = [
      contract.valid_from != null ? $localize`from ${time(contract.valid_from)}:TIME:` : '',
      contract.valid_until != null ? $localize`until ${time(contract.valid_until)}:TIME:` : '',
    ];
    return said.filter(Boolean).join(' ') || $localize`always`;
  }
}
