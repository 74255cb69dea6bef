/**
 * What is stored, as far as it is of the tenant that a connector is of now. Of one that was pointed at another tenant,
 * what arrived before is that one's; it is kept, and shown again where the connector is pointed back.
 */
import type { ConnectorFilter, Events, Selection } from '../events/events.ts'
import { and, type Filter, or } from '../filter/filter.ts'
import type { StoredName } from '../model/stored.ts'
import type { StoredChange } from '../model/row-changes.ts'
import type { Period } from '../upstream/state/tenancies.ts'

/** When the connector was of its present tenant, found out where that is not known yet; undefined for always. */
export type PeriodsOf = (alias: string) => Promise<readonly Period[] | undefined>

/** The same events, of the connectors' present tenants alone. */
export const ofPresentTenants = (events: Events, periodsOf: PeriodsOf): Events => {
  const within = async (
    list: StoredName,
    alias: string,
    periods: readonly Period[],
  ): Promise<Filter> => {
    switch (list) {
      case 'events':
        return during('receivedAt', periods)
      case 'changes':
        return during('at', periods)
      case 'otherAccounts':
      case 'otherApps': {
        // They have no time of their own, but events told of each.
        const told = await events.groups({
          list: 'events',
          parts: [
            {
              connectors: [alias],
              filter: and([
                { kind: 'compare', field: 'object', op: 'eq', value: objects[list] },
                during('receivedAt', periods),
              ]),
            },
          ],
          by: [{ kind: 'field', field: 'entityId' }],
          first: undefined,
        })
        const values = told.flatMap(({ keys: [id] }) => (typeof id === 'string' ? [id] : []))
        return { kind: 'in', field: 'id', values }
      }
      default:
        return list satisfies never
    }
  }

  const split = async (list: StoredName, part: ConnectorFilter): Promise<ConnectorFilter[]> => {
    const all: string[] = []
    const some: ConnectorFilter[] = []
    for (const alias of part.connectors) {
      const periods = await periodsOf(alias)
      if (periods === undefined) all.push(alias)
      else {
        const filter = and([part.filter, await within(list, alias, periods)])
        some.push({ connectors: [alias], filter })
      }
    }
    if (some.length === 0) return [part]
    return all.length === 0 ? some : [{ ...part, connectors: all }, ...some]
  }

  const shown = async <Asked extends Selection>(asked: Asked): Promise<Asked> => {
    const parts: ConnectorFilter[] = []
    for (const part of asked.parts) parts.push(...(await split(asked.list, part)))
    return { ...asked, parts }
  }

  const isShown = async (alias: string, atSeconds: number): Promise<boolean> => {
    const periods = await periodsOf(alias)
    const at = atSeconds * 1_000
    return periods?.some(({ from, until }) => at >= from && at < until) !== false
  }

  return {
    ...events,
    page: async (query, ...terms) => events.page(await shown(query), ...terms),
    count: async (selection, ...terms) => events.count(await shown(selection), ...terms),
    groups: async (query, ...terms) => events.groups(await shown(query), ...terms),
    listThen: async (alias, name, at, ...terms) =>
      (await isShown(alias, at)) ? events.listThen(alias, name, at, ...terms) : UNKNOWN,
    rowsThen: async (alias, name, at, ...rest) =>
      (await isShown(alias, at))
        ? events.rowsThen(alias, name, at, ...rest)
        : { rows: [], next: undefined },
    rowThen: async (alias, name, id, at, ...terms) =>
      (await isShown(alias, at)) ? events.rowThen(alias, name, id, at, ...terms) : undefined,
    changesAfter: async (sequence, limit, ...terms) => {
      const found: StoredChange[] = []
      for (let last = sequence; ;) {
        const next = await events.changesAfter(last, limit, ...terms)
        for (const change of next)
          if (await isShown(change.connector, change.at)) found.push(change)
        last = next.at(-1)?.sequence ?? last
        if (next.length < limit || found.length >= limit) return found
      }
    },
  }
}

const UNKNOWN = { asOf: undefined, cutAt: undefined, wholeSince: undefined }

const objects = { otherAccounts: 'ACCOUNT_OTHER', otherApps: 'APP_OTHER' } as const

/** A moment in that field, in UNIX seconds. */
const during = (field: string, periods: readonly Period[]): Filter =>
  or(
    periods.map(({ from, until }) =>
      and([
        { kind: 'compare', field, op: 'gte', value: from / 1_000 },
        ...(until === Infinity
          ? []
          : [{ kind: 'compare', field, op: 'lt', value: until / 1_000 } as const]),
      ]),
    ),
  )
