import {
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  input,
  output,
  resource,
  signal,
  viewChild,
} from '@angular/core';
import type { Sealed } from '@words';
import { Connection } from '../../bus/connection';
import { CallError } from '../../bus/errors';
import { HomeStore } from '../../bus/home-store';
import { kept } from '../../shared/kept';
import { DATES } from '../../shared/language';
import { dayAndTime } from '../../shared/moments';
import { saveFile } from '../../shared/saving';
import { told } from '../../shared/told';
import { Proven, verifyCertificate } from './certificate';
import { MarketStore } from './market-store';
import { QR_BYTES_MAX, QrCode } from './qr-code';
import { postingName } from './posting-name';
import { signed } from './statement';

const BALANCES = 24;

/** Sealing an asset in an epoch, the seals that there are, and their certificates. */
@Component({
  selector: 'jb-market-seals',
  imports: [QrCode],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './seals.html',
  styleUrls: ['./tab.css', './seals.css'],
})
export class SealsTab {
  private readonly connection = inject(Connection);
  private readonly home = inject(HomeStore);
  protected readonly market = inject(MarketStore);
  readonly asset = input<string | undefined>();
  readonly chosen = output<string>();
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('sealing');

  protected readonly shown = computed(() => this.asset() ?? this.market.books()?.assets[0]?.asset_id ?? '');
  private readonly asked = resource({
    params: () => (this.shown() ? { asset: this.shown(), epoch: this.market.epoch(), changes: this.market.changes() } : undefined),
    loader: ({ params }) =>
      this.connection.call('joulebus.{home}.market.balancing.balance', { asset_id: params.asset, epoch: params.epoch }),
  });
  /** What may be sealed; of an epoch that is still to come the market says so. */
  protected readonly trouble = computed(() => this.asked.error()?.message ?? '');
  protected readonly balance = computed(() => (this.asked.hasValue() ? this.asked.value() : this.trouble() ? null : this.balanceBefore()));
  private readonly balanceBefore = kept(this.asked);
  private readonly askedLatest = resource({
    params: () => (this.shown() ? { asset: this.shown(), epoch: this.market.epoch(), changes: this.market.changes() } : undefined),
    loader: ({ params }) =>
      this.connection.call('joulebus.{home}.market.balancing.latest_balances', {
        asset_id: params.asset,
        n: BALANCES,
        before: params.epoch + 1,
      }),
  });
  private readonly latest = kept(this.askedLatest);
  protected readonly rows = computed(() =>
    (this.latest()?.balances ?? []).map((one) => ({
      ...one,
      when: this.timeOf(one.epoch),
      net: signed(one.net_wh),
      open: signed(one.open_wh ?? 0),
    })),
  );
  protected readonly proposed = computed(() => (this.balance()?.proposed ?? []).map((one) => ({ ...one, text: signed(one.wh).slice(1) })));
  protected readonly postings = computed(() =>
    (this.balance()?.postings ?? []).map((one) => ({ ...one, why: postingName(one), text: signed(one.wh).slice(1) })),
  );
  protected readonly publicKey = computed(() => this.market.books()?.state.public_key ?? '');

  protected readonly sealed = signal<Sealed | null>(null);
  protected readonly told = told;
  protected readonly reason = signal('');
  /** Who has sealed it just now, when by the clock on the wall, and why. */
  protected readonly sealedBy = signal<{ who: string; when: string; why: string | null } | null>(null);
  protected readonly wrong = signal('');
  protected readonly certificate = signal<{ text: string; asset: string; epoch: number } | null>(null);
  protected readonly isSmall = computed(() => (this.certificate()?.text.length ?? 0) <= QR_BYTES_MAX);
  protected readonly verdict = signal<{ proven: Proven | null; text: string; isHere: boolean } | null>(null);

  protected timeOf(epoch: number): string {
    return dayAndTime(this.market.begins(epoch), this.home.timezone());
  }

  protected codeLabel(asset: string): string {
    return $localize`The certificate of ${asset}:ASSET: as a QR code`;
  }

  protected askSeal(): void {
    this.sealed.set(null);
    this.wrong.set('');
    this.reason.set('');
    this.dialog().nativeElement.showModal();
  }

  protected async seal(): Promise<void> {
    this.dialog().nativeElement.close();
    const ask = { asset_id: this.shown(), epoch: this.market.epoch(), reason: this.reason().trim() || null };
    this.wrong.set(
      await this.market.change('joulebus.{home}.market.balancing.seal', ask, (answer) => {
        this.sealed.set(answer);
        this.sealedBy.set({ who: this.connection.principal(), when: new Date().toLocaleString(DATES), why: ask.reason });
        return answer.status === 'sealed' ? $localize`${answer.asset_id}:ASSET: is sealed.` : told(answer.reason ?? answer.status);
      }),
    );
  }

  protected async show(epoch: number): Promise<void> {
    this.verdict.set(null);
    try {
      const asset = this.shown();
      const { text } = await this.connection.call('joulebus.{home}.market.balancing.certificate', { asset_id: asset, epoch });
      this.certificate.set({ text, asset, epoch });
      this.verify(text);
    } catch (error) {
      this.wrong.set((error as CallError).message);
    }
  }

  protected save(): void {
    const shown = this.certificate();
    if (shown) saveFile(`${shown.asset}-${shown.epoch}.json`, new Blob([shown.text], { type: 'application/json' }));
  }

  /** A certificate of a file, from anywhere. */
  protected async open(event: Event): Promise<void> {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (file) this.verify((await file.text()).replace(/\n$/, ''));
  }

  protected paste(text: string): void {
    if (text.trim()) this.verify(text.trim());
  }

  /** With nothing but the text itself: no question goes to anybody. */
  private verify(text: string): void {
    try {
      const proven = verifyCertificate(text);
      const isHere = proven.publicKey === this.publicKey();
      this.verdict.set({
        proven,
        isHere,
        text: $localize`Sound: ${proven.asset}:ASSET: in the epoch ${this.timeOf(proven.epoch)}:TIME: of ${proven.market}:MARKET:, ${signed(proven.netWh)}:ENERGY: in all.`,
      });
    } catch (error) {
      this.verdict.set({ proven: null, isHere: false, text: $localize`It does not hold: ${(error as Error).message}:WHY:.` });
    }
  }
}
