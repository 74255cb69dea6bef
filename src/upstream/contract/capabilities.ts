/**
 * What is learnt of a connector's API at its first use: the names under which the verdicts are kept, across restarts
 * and shown by `connectors { capabilities }`, and the words that each of them may have.
 */
import type { CollectionName } from '../../model/rows.ts'

/** The largest page, as a number of rows. */
export const PAGE_SIZE = 'pageSize'

/**
 * Whether `offset` works: `works`; `doubtful`, where the first try met other rows than it should, as it does when the
 * collection changes meanwhile; `no`.
 */
export const offsetFact = (name: CollectionName): string => `offset ${name}`

/** Whether the rows stand in one order: `changing` where each list that is begun has an order of its own. */
export const orderFact = (name: CollectionName): string => `order ${name}`

/** Whether `GET /xs/{id}` answers: `works` or `no`. */
export const byIdFact = (name: CollectionName): string => `byId ${name}`

/** Whether a parameter filters at all: `filters`, `ignored` or `refused`. */
export const parameterFact = (name: CollectionName, parameter: string): string =>
  `${name} ${parameter}`

/** Whether the `email` parameter minds letter case: `minded` or `ignored`. */
export const emailCaseFact = (name: CollectionName): string => `${name} email letter case`

/** Whether addresses have letters that Push may not hold equal to those of ASCII: `ambiguous` or `plain`. */
export const emailLettersFact = (name: CollectionName): string => `${name} email letters`
