/** One question to Push for what is new in a list: cheap, and it has to find nothing that webhooks had not told. */
import { UpstreamRefusedError } from '../../errors.ts'
import type { ByParameter } from '../../model/collection.ts'
import { collections } from '../../model/collections.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import { fieldOf } from '../../model/values.ts'
import { parameterFact } from '../../upstream/contract/capabilities.ts'
import type { Call, Client } from '../../upstream/contract/contract.ts'

/** Bounds may or may not be included. */
const BOUND_SLACK_S = 2

/** The parameter by which Push says what is new in that list; undefined where there is none, or Push passes it over. */
export const probeOf = (name: CollectionName, client: Client): ByParameter | undefined => {
  const by = collections[name].pushdown.find(({ parameter }) => parameter.endsWith('After'))
  const verdict = by && client.facts.get(parameterFact(name, by.parameter))
  return verdict === undefined || verdict === 'filters' ? by : undefined
}

export interface ProbeRead {
  readonly rows: readonly Row[]
  readonly readAt: number
  /** Nothing more is new. */
  readonly isAll: boolean
}

/** Asks for what is new since that moment (UNIX seconds), in so many pages at most; what the parameter does is learnt on the way. */
export const readProbe = async (
  client: Client,
  name: CollectionName,
  { field, parameter }: ByParameter,
  { since, mostPages }: { readonly since: number; readonly mostPages: number },
  call: Call,
): Promise<ProbeRead | 'unavailable'> => {
  const fact = parameterFact(name, parameter)
  const belongs = (row: Row): boolean => Number(fieldOf(row, field)) >= since - BOUND_SLACK_S
  const rows: Row[] = []
  let readAt = Infinity
  let nextToken: string | undefined
  try {
    for (let pages = 1; ; pages += 1) {
      const parameters = { [parameter]: String(since) }
      const from = nextToken === undefined ? {} : { nextToken }
      const request = { limit: client.pageSize(), parameters, ...from }
      const page = await client.page(name, request, call)
      if (!page.rows.every(belongs)) {
        client.facts.set(fact, 'ignored')
        return 'unavailable'
      }
      if (client.facts.get(fact) !== 'filters') client.facts.set(fact, 'filters')
      rows.push(...page.rows)
      readAt = Math.min(readAt, page.readAt)
      nextToken = page.nextToken
      const hasMore = nextToken !== undefined || page.promisesMore || page.unreadable.length > 0
      if (nextToken === undefined || pages >= mostPages || page.unreadable.length > 0)
        return { rows, readAt, isAll: !hasMore }
    }
  } catch (error) {
    const isNew = client.facts.get(fact) === undefined
    if (!isNew || !(error instanceof UpstreamRefusedError) || error.status !== 400) throw error
    client.facts.set(fact, 'refused')
    return 'unavailable'
  }
}
