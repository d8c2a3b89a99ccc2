// Compiled beside the generated types: a discriminated union narrows by its tag, and what is not on the wire is refused.
import type { Offered, Procedures, Settled, Topics } from './joulebus'

type Offer = Offered['offer']

export function wantedJoules(offer: Offer, ticks: number): number {
  switch (offer.role) {
    case 'flow':
      return offer.want.form === 'each' ? offer.want.values.reduce((sum, one) => sum + one, 0) : ticks
    case 'thermal':
      return offer.watts * offer.surroundings.reduce((sum, run) => sum + run.seconds, 0)
    case 'nothing':
    case 'storage':
    case 'charger':
    case 'supply':
    case 'grid':
    case 'inverter':
      return 0
  } // Without a case there would be no return: the compiler knows all roles.
}

export const sealed = (settled: Settled): string[] => (settled.seals ?? []).map(seal => seal.hash)

// One generic function types every call, another every subscription.
declare function call<P extends keyof Procedures>(procedure: P, ask: Procedures[P]['ask']): Promise<Procedures[P]['answer']>
declare function hear<T extends keyof Topics>(topic: T, handler: (word: Topics[T]) => void): void

export const speed: Promise<number | 'flat_out'> = call('joulebus.{home}.clock.speed', { speed: 60 }).then(state => state.speed)
hear('joulebus.{home}.inverter.settled', settled => sealed(settled))
// @ts-expect-error A procedure that is none.
void call('joulebus.{home}.clock.stop', {})
// @ts-expect-error Asked without what it needs.
void call('joulebus.{home}.clock.speed', {})

// @ts-expect-error A role that is none.
export const unknownRole: Offer = { role: 'oracle' }
// @ts-expect-error A store has no want.
export const mixed: Offer = { role: 'storage', want: { form: 'each', values: [] } }
// @ts-expect-error Joules are numbers.
export const text: Offer = { role: 'flow', want: { form: 'each', values: ['1'] } }
// @ts-expect-error The tag is always there.
export const untagged: Offer = { want: { form: 'each', values: [] } }
