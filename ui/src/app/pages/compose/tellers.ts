import { computed, inject, Injectable, linkedSignal, resource } from '@angular/core';
import type { KindDetails } from '@words';
import { Connection } from '../../bus/connection';
import { HomeStore } from '../../bus/home-store';

/** Who says something that a device can use, by what the home tells of their kinds. */
@Injectable({ providedIn: 'root' })
export class Tellers {
  private readonly connection = inject(Connection);
  private readonly store = inject(HomeStore);

  /** The same text as long as no kind comes or goes. */
  private readonly kinds = computed(() => [...new Set(this.store.devices().map((one) => one.kind))].sort().join(' '));
  private readonly described = resource({
    params: () => ({ kinds: this.kinds(), joins: this.connection.joins() }),
    loader: async ({ params }) => {
      const kinds = params.kinds.split(' ').filter((kind) => kind);
      const found = await Promise.all(kinds.map((kind) => this.describe(kind)));
      return new Map(found.map((one) => [one.kind, one]));
    },
  });
  /** What was told before stands while the home is asked again: a device that hears somebody else goes and comes, and its kind with it. */
  private readonly known = linkedSignal<ReadonlyMap<string, KindDetails> | null, ReadonlyMap<string, KindDetails>>({
    source: () => (this.described.hasValue() ? this.described.value() : null),
    computation: (told, before) => new Map([...(before?.value ?? []), ...(told ?? [])]),
  });

  /** Undefined until the home has told of both kinds. */
  mayHear(hearer: string, teller: string): boolean | undefined {
    const [to, from] = [this.known().get(hearer), this.known().get(teller)];
    return to && from && isHeard(to, from);
  }

  /** The same, asked of the home where it has not told yet. */
  async askWhetherMayHear(hearer: string, teller: string): Promise<boolean> {
    return this.mayHear(hearer, teller) ?? isHeard(await this.describe(hearer), await this.describe(teller));
  }

  private describe(kind: string): Promise<KindDetails> {
    return this.connection.call('joulebus.{home}.home.kind', { kind });
  }
}

/** A foreign device names its signals itself, when it comes. */
function isHeard(hearer: KindDetails, teller: KindDetails): boolean {
  return teller.kind === 'foreign' || Object.keys(teller.signals ?? {}).length > 0 || (hearer.hears ?? []).includes(teller.kind);
}
