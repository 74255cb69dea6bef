/** Which tenants a connector has been of, one after the other, and since when: by its alias, whatever its key is. */
import type { Facts } from '../contract/contract.ts'

/** From then on (milliseconds) the connector was of that tenant, until the next one. */
export interface Tenancy {
  /** The id under which the tenant's state is kept. */
  readonly tenant: string
  readonly from: number
}

export interface Tenancies {
  /** In their order; none where nobody has asked for the connector yet. */
  all(): readonly Tenancy[]
  begin(tenancy: Tenancy): void
}

const NAME = 'tenants'
/** More changes of a connector than that are not remembered: the first ones are. */
const MOST = 100

/** Under which id the facts about the connector of that alias are kept: no key is hashed to it. */
export const connectorId = (alias: string): string => `connector ${alias}`

/** They are kept in `facts`, which are those of the connector. */
export const createTenancies = (facts: Pick<Facts, 'get' | 'set'>): Tenancies => {
  const all = (): readonly Tenancy[] => {
    const kept = facts.get(NAME)
    const pairs = kept === undefined ? [] : (JSON.parse(kept) as readonly [string, number][])
    return pairs.map(([tenant, from]) => ({ tenant, from }))
  }
  return {
    all,
    begin: tenancy => {
      const [first, ...others] = [...all(), tenancy]
      const kept = [first, ...others.slice(-MOST)].flatMap(one => one ?? [])
      facts.set(NAME, JSON.stringify(kept.map(({ tenant, from }) => [tenant, from])))
    },
  }
}

/** A stretch of time, in milliseconds, its end not included. */
export interface Period {
  readonly from: number
  readonly until: number
}

/** When the connector was of the tenant whose id passes; undefined where it was of no other. */
export const periodsOf = (
  all: readonly Tenancy[],
  isTenant: (id: string) => boolean,
): readonly Period[] | undefined =>
  all.every(({ tenant }) => isTenant(tenant))
    ? undefined
    : all.flatMap(({ tenant, from }, n) =>
        isTenant(tenant) ? [{ from, until: all[n + 1]?.from ?? Infinity }] : [],
      )
