/** The plan of an operation as its author reads it: how the rows of each connection are got, and what that costs. */
import { describe } from '../../filter/describe.ts'
import { conjuncts, type Filter } from '../../filter/filter.ts'
import { collections } from '../../model/collections.ts'
import { rememberFor } from '../../model/remember.ts'
import type { CollectionName } from '../../model/rows.ts'
import { isStored, type ListName } from '../../model/stored.ts'
import type { ConnectorStore } from '../../store/store.ts'
import type { Cost } from './cost.ts'
import type { Demand, Step } from './step.ts'
import type { Operation } from '../operation/operation.ts'
import type { NarrowPath } from './plan.ts'

export interface ConnectionPlan {
  /** Where the connection or link stands in the answer, without the indexes of lists. */
  readonly path: string
  readonly connector: string
  readonly collection: ListName
  /** How its rows are read, in words. */
  readonly reading: string
  /** The parts of the filter that Push is asked for. */
  readonly pushedDown: readonly string[]
  /** The parts of the filter that are checked on each row here alone. */
  readonly residual: readonly string[]
  /** Its collection is one that webhooks keep up to date; absent where it is not. */
  readonly followed?: true
  /** Requests of its own: what several connections share counts at the first. */
  readonly estimate: { readonly requests: number; readonly rows: number }
  /** After running: pages and objects read of this collection for the whole operation. */
  readonly requests?: number
  /** After running: pages and objects of this collection that were kept in the data folder; absent for none. */
  readonly kept?: number
  /** After running: rows that this connection returned; links return one each. */
  readonly rows?: number
}

export interface PlanReport {
  readonly estimate: { readonly requests: number; readonly ms: number }
  readonly connections: readonly ConnectionPlan[]
  /** Further connections, which are not told; absent for none. */
  readonly leftOut?: number
}

export interface Planned {
  readonly connector: string
  readonly store: Pick<ConnectorStore, 'peek'>
  readonly demand: Demand
  /** What all of it was expected to take when the operation began. */
  readonly estimate: PlanReport['estimate']
}

/** What is told at most: connections, parts of the filter of each, and letters of a part. */
const [MOST_CONNECTIONS, MOST_PARTS, MOST_LETTERS] = [1_000, 20, 300]

/** The plan before running, or, with `operation`, beside what it really took. */
export const reportPlan = (planned: readonly Planned[], operation?: Operation): PlanReport => {
  const costs = planned.map(({ estimate }) => estimate)
  const steps = planned.flatMap(of => of.demand.steps.map(step => [of, step] as const))
  const leftOut = steps.length - MOST_CONNECTIONS
  return {
    // Connectors have limiters of their own and are read side by side.
    estimate: {
      requests: costs.reduce((sum, { requests }) => sum + requests, 0),
      ms: Math.round(Math.max(0, ...costs.map(({ ms }) => ms))),
    },
    connections: steps.slice(0, MOST_CONNECTIONS).map(([of, step]) => told(of, step, operation)),
    ...(leftOut > 0 ? { leftOut } : {}),
  }
}

const told = (
  { connector, store, demand }: Planned,
  step: Step,
  operation: Operation | undefined,
): ConnectionPlan => ({
  path: step.path,
  connector,
  collection: step.collection,
  reading: readingOf(step, demand),
  ...partsOf(step),
  ...(step.at === undefined && isFollowed(step.collection, store)
    ? { followed: true as const }
    : {}),
  estimate: { requests: step.cost.requests, rows: step.rows },
  ...(operation === undefined
    ? {}
    : {
        ...readOf(operation, connector, step),
        ...(returning.has(step.kind) ? { rows: operation.rowsAt(step.path) } : {}),
      }),
})

/** What was read for it: of the past nothing, whatever was of its collection. */
const readOf = (
  operation: Operation,
  connector: string,
  { collection, at }: Step,
): Pick<ConnectionPlan, 'requests' | 'kept'> =>
  at === undefined
    ? {
        requests: operation.requestsFor(connector, collection),
        ...keptOf(operation.keptFor(connector, collection)),
      }
    : { requests: 0 }

const isFollowed = (name: ListName, store: Pick<ConnectorStore, 'peek'>): boolean =>
  !isStored(name) && store.peek(name)?.followed === true

const keptOf = (kept: number): Pick<ConnectionPlan, 'kept'> => (kept === 0 ? {} : { kept })

/** Steps whose rows stand in a list of their own. */
const returning: ReadonlySet<Step['kind']> = new Set(['stored', 'list', 'search', 'children'])

const readingOf = (step: Step, demand: Demand): string => {
  const { collection, plan, cost, kind } = step
  const accessPath = plan?.accessPath
  if (isStored(collection)) return 'from the event store'
  if (step.at !== undefined)
    return `from the history, as known at ${new Date(step.at * 1_000).toISOString()}`
  if (kind === 'details')
    return cost.requests === 0
      ? 'with the rows'
      : `${cost.requests} × ${collections[collection].path}/{id}`
  if (accessPath?.kind === 'store') return 'from memory'
  if (demand.scan.has(collection))
    return cost.requests > 0 ? `scan of ${collection}` : `the scan of ${collection} above`
  if (accessPath !== undefined)
    return accessPath.kind === 'scan'
      ? walkOf(collection, cost)
      : describePath(accessPath, collections[collection].path)
  if (cost.requests === 0) return 'from memory'
  return kind === 'children'
    ? `${cost.requests} × ${collections[collection].path} of one parent`
    : `${cost.requests} × ${collections[collection].path}/{id}`
}

const walkOf = (collection: CollectionName, cost: Cost): string =>
  cost.requests === 0
    ? 'from memory'
    : `the first ${cost.requests === 1 ? 'page' : `${cost.requests} pages`} of ${collection}`

/** `path`: that of the collection in Push's API. */
const describePath = (accessPath: NarrowPath, path: string): string => {
  switch (accessPath.kind) {
    case 'ids':
      return `${accessPath.ids.length} × ${path}/{id}`
    case 'equal':
    case 'emails':
      return `${accessPath.values.length} × ${path} by ${accessPath.field}`
    case 'range':
      return `${path} after a moment of ${accessPath.field}`
    case 'semiJoin': {
      const { to, idField } = accessPath.link
      return `the ${to} that pass first, then ${path} of each by ${idField}`
    }
    default:
      return accessPath satisfies never
  }
}

const partsOf = ({ plan, filter }: Step): Pick<ConnectionPlan, 'pushedDown' | 'residual'> => ({
  pushedDown: inWords(plan?.pushed ?? []),
  residual: inWords(plan?.residual ?? conjuncts(filter)),
})

const inWords = (parts: readonly Filter[]): readonly string[] => [
  ...parts.slice(0, MOST_PARTS).map(described),
  ...(parts.length > MOST_PARTS ? [`${parts.length - MOST_PARTS} more`] : []),
]

/** Many lists may have the same filter, of a thousand comparisons. */
const described = rememberFor((part: Filter): string => {
  const words = describe(part)
  return words.length <= MOST_LETTERS ? words : `${words.slice(0, MOST_LETTERS).toWellFormed()}…`
})
