/** What is stored of the tenant that a connector was of when it was last served: by that another key of it is known. */
import type { KeptAnswers } from '../answers/contract.ts'
import type { Events } from '../events/events.ts'
import { everything, type Filter, or } from '../filter/filter.ts'
import { collectionNames } from '../model/collections.ts'
import type { Clock } from '../model/clock.ts'
import type { CollectionName } from '../model/rows.ts'
import { storedLists } from '../model/stored.ts'
import type { TenantEvidence } from '../upstream/key-tenant.ts'

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

  const hasEvents = async (filter: Filter): Promise<boolean> => {
    const found = await events.page({
      list: 'events',
      parts: [{ connectors: [alias], filter }],
      ...{ ordering: 'arrival', from: undefined, until: undefined, backward: false, limit: 1 },
    })
    return found.length > 0
  }

  const lists = async (): Promise<readonly CollectionName[]> => {
    await events.noted()
    const reads = await events.knownReads()
    const whole = reads.flatMap(({ connector, collection }) =>
      connector === alias ? [collection] : [],
    )
    const some: CollectionName[] = []
    for (const name of told)
      if (!whole.includes(name)) {
        const { rows } = await events.rowsThen(alias, name, now(), '', 1)
        if (rows.length > 0) some.push(name)
      }
    const known = [...told.filter(name => whole.includes(name)), ...some]
    return known.length > 0 || !(await hasEvents(everything)) ? known : ['employees', 'accounts']
  }

  return {
    lists,
    hasAny: async tenant =>
      (await lists()).length > 0 || (await answers?.kept(tenant)) !== undefined,
    knows: async (name, ids) => {
      for (const id of ids)
        if (typeof (await events.rowThen(alias, name, id, now())) === 'string') return true
      const fields = [
        'entityId',
        ...eventLinks.filter(({ to }) => to === name).map(by => by.idField),
      ]
      return hasEvents(or(fields.map(field => ({ kind: 'in', field, values: ids }))))
    },
    isServedElsewhere: tenant => isServedElsewhere(alias, tenant),
  }
}

const eventLinks = storedLists.events.links

/** Webhooks name extensions by ids that all tenants have. */
const told = collectionNames.filter(name => name !== 'browserExtensions')
