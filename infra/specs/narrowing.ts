// Compiled beside the generated types: a discriminated union narrows by its tag, and what is not on the wire is refused.
import type { Offered, Settled } from './joulebus'

type Offer = Offered['offer']

export function wantedJoules(offer: Offer, ticks: number): number {
  switch (offer.role) {
    case 'flow':
      return offer.want.form === 'each' ? offer.want.values.reduce((sum, one) => sum + one, 0) : ticks
    case 'thermal':
      return offer.watts * offer.surroundings.reduce((sum, run) => sum + run.seconds, 0)
    case 'nothing':
    case 'storage':
    case 'grid':
    case 'inverter':
      return 0
  } // Without a case there would be no return: the compiler knows all roles.
}

export const sealed = (settled: Settled): string[] => (settled.seals ?? []).map(seal => seal.hash)

// @ts-expect-error A role that is none.
export const unknownRole: Offer = { role: 'oracle' }
// @ts-expect-error A store has no want.
export const mixed: Offer = { role: 'storage', want: { form: 'each', values: [] } }
// @ts-expect-error Joules are numbers.
export const text: Offer = { role: 'flow', want: { form: 'each', values: ['1'] } }
// @ts-expect-error The tag is always there.
export const untagged: Offer = { want: { form: 'each', values: [] } }
