/** What the price of an operation is reckoned with: how much its caller could be given, and of nothing else. */
import type { Events } from '../events/events.ts'
import { type Sizes, usualSizes } from '../graphql/analysis/pricing.ts'
import { allRights } from '../model/rights.ts'
import { presumedRows } from '../query/planning/presumed-sizes.ts'
import type { ConnectorStore, Store } from '../store/store.ts'

/** How many rows there are for a caller, as far as that is known. */
export const sizesOf = (
  store: Pick<Store, 'connectors'>,
  events: Pick<Events, 'counted'>,
): Sizes => ({
  rows: (name, aliases, { connectors: seen }) => {
    const served = store.connectors
    let rows = 0
    const add = (connector: ConnectorStore | undefined, alias: string): void => {
      if (connector !== undefined && seen?.has(alias) !== false)
        rows += presumedRows(name, connector.expectedRows(name))
    }
    // Who names one twice is told so, whatever it would cost.
    if (aliases === undefined || aliases.length > (seen ?? served).size) served.forEach(add)
    else for (const alias of aliases) add(served.get(alias), alias)
    return rows
  },
  stored: (aliases, { connectors: seen }) => {
    const named =
      aliases === undefined || aliases.length > store.connectors.size ? undefined : new Set(aliases)
    const isMeant = (alias: string): boolean =>
      seen?.has(alias) !== false && named?.has(alias) !== false
    return events.counted(isMeant) ?? usualSizes.stored(aliases, allRights)
  },
})
