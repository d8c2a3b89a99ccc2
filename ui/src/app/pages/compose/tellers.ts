import { computed, inject, Injectable, resource } from '@angular/core';
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
      const found = await Promise.all(kinds.map((kind) => this.connection.call('joulebus.{home}.home.kind', { kind })));
      return new Map(found.map((one) => [one.kind, one]));
    },
  });

  /** Undefined until the home has told of both kinds. */
  mayHear(hearer: string, teller: string): boolean | undefined {
    const known = this.described.hasValue() ? this.described.value() : new Map<string, KindDetails>();
    const [to, from] = [known.get(hearer), known.get(teller)];
    // A foreign device names its signals itself, when it comes.
    return to && from && (from.kind === 'foreign' || Object.keys(from.signals ?? {}).length > 0 || (to.hears ?? []).includes(from.kind));
  }
}
