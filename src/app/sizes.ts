/** What the price of an operation is reckoned with: how much its caller could be given, and of nothing else. */
import type { Events } from '../events/events.ts'
import { type Sizes, usualSizes } from '../graphql/analysis/pricing.ts'
import { allRights, type Rights } from '../model/rights.ts'
import { presumedRows } from '../query/planning/presumed-sizes.ts'
import type { ConnectorStores, Store } from '../store/store.ts'

/** How many rows and events there are for a caller, as far as that is known. */
export const sizesOf = (
  store: Pick<Store, 'connectors'>,
  events: Pick<Events, 'counted'>,
): Sizes => ({
  rows: (name, aliases, { connectors: seen }) => {
    const served = store.connectors
    let rows = 0
    for (const alias of namedIn(aliases, seen ?? served) ?? served.keys()) {
      const connector = seen?.has(alias) === false ? undefined : served.get(alias)
      if (connector !== undefined) rows += presumedRows(name, connector.expectedRows(name))
    }
    return rows
  },
  stored: (aliases, { connectors: seen }) => {
    const named = namedIn(aliases, seen ?? store.connectors)
    const isMeant = (alias: string): boolean =>
      seen?.has(alias) !== false && named?.has(alias) !== false
    return events.counted(isMeant) ?? usualSizes.stored(aliases, allRights)
  },
})

/** Those that are named, each once; undefined for all. More than the caller can see are not looked through. */
const namedIn = (
  aliases: readonly string[] | undefined,
  seen: NonNullable<Rights['connectors']> | ConnectorStores,
): ReadonlySet<string> | undefined =>
  aliases === undefined || aliases.length > seen.size ? undefined : new Set(aliases)
