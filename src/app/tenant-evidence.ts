/** What is stored of the tenant that a connector was of when it was last served: by that another key of it is known. */
import type { KeptAnswers } from '../answers/contract.ts'
import type { Events } from '../events/events.ts'
import { and, everything, type Filter, or } from '../filter/filter.ts'
import { collectionNames } from '../model/collections.ts'
import type { Clock } from '../model/clock.ts'
import type { CollectionName } from '../model/rows.ts'
import { storedLists } from '../model/stored.ts'
import type { FormerTenant, TenantEvidence } from '../upstream/key-tenant.ts'
import { during } from './of-present-tenants.ts'

export interface StoredEvidence {
  readonly events: Pick<Events, 'noted' | 'knownReads' | 'rowsThen' | 'rowThen' | 'page'>
  readonly answers: Pick<KeptAnswers, 'kept'> | undefined
  readonly clock: Pick<Clock, 'now'>
  readonly isServedElsewhere: (alias: string, tenant: string) => Promise<boolean>
}

/** Of the connector of that alias. */
export const tenantEvidenceOf = (
  alias: string,
  { events, answers, clock, isServedElsewhere }: StoredEvidence,
): TenantEvidence => {
  const now = (): number => clock.now() / 1_000

  const hasEvents = async (periods: FormerTenant['periods'], told: Filter): Promise<boolean> => {
    const filter = periods === undefined ? told : and([told, during('receivedAt', periods)])
    const found = await events.page({
      list: 'events',
      parts: [{ connectors: [alias], filter }],
      ...{ ordering: 'arrival', from: undefined, until: undefined, backward: false, limit: 1 },
    })
    return found.length > 0
  }

  const lists = async ({ periods }: FormerTenant): Promise<readonly CollectionName[]> => {
    await events.noted()
    const known: { readonly name: CollectionName; readonly rows: number }[] = []
    for (const name of told) {
      const { rows } = await events.rowsThen(alias, name, now(), '', MOST_COUNTED)
      if (rows.length > 0) known.push({ name, rows: rows.length })
    }
    if (known.length > 0) return known.sort((a, b) => b.rows - a.rows).map(({ name }) => name)
    if (await hasEvents(periods, everything)) return ['employees', 'accounts']
    // Of these it is known that there is nothing.
    const reads = await events.knownReads()
    return told.filter(name =>
      reads.some(({ connector, collection }) => connector === alias && collection === name),
    )
  }

  return {
    lists,
    hasAny: async former =>
      (await lists(former)).length > 0 || (await answers?.kept(former.tenant)) !== undefined,
    knows: async ({ periods }, name, ids) => {
      for (const id of ids)
        if (typeof (await events.rowThen(alias, name, id, now())) === 'string') return true
      const fields = [
        'entityId',
        ...eventLinks.filter(({ to }) => to === name).map(by => by.idField),
      ]
      return hasEvents(periods, or(fields.map(field => ({ kind: 'in', field, values: ids }))))
    },
    isServedElsewhere: tenant => isServedElsewhere(alias, tenant),
  }
}

const eventLinks = storedLists.events.links

/** Rows counted at most to tell of which list the most is known. */
const MOST_COUNTED = 100

/** Webhooks name extensions by ids that all tenants have. */
const told = collectionNames.filter(name => name !== 'browserExtensions')
