/** One value looked for in all collections of several connectors, and what was found cut into pages. */
import { BadInputError, GatewayError } from '../../errors.ts'
import { collectionNames } from '../../model/collections.ts'
import { listKey, readCursor, writeCursor } from '../list/cursor.ts'
import { MAX_PAGE } from '../list/range.ts'
import { DEFAULT_PAGE } from '../list/range.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'
import { createRequestBudget } from './request-budget.ts'
import type { StoredSource } from '../stored/list.ts'
import { searchConnector } from './connector.ts'
import type { Hit } from './hits.ts'
import { stepPath } from './needs.ts'
import type { Searched } from './completeness.ts'
import { type SearchQuery, type SearchValueArguments, readSearchQuery } from './arguments.ts'
import { compareText } from '../../model/values.ts'

export { searchNeeds } from './needs.ts'
export type { ObservableKind } from '../../model/observables.ts'
export type { Hit, Match } from './hits.ts'

export interface SearchArguments extends SearchValueArguments {
  /** Where the search stands in the answer, where a plan was asked for. */
  readonly path?: string | undefined
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
}

export interface SearchPage {
  /** Direct hits first, then by type, then by id; events last, the newest first. */
  readonly hits: readonly Hit[]
  readonly cursor: (hit: Hit) => string
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly startCursor: string | null
  readonly endCursor: string | null
  /** Milliseconds; null where nothing had to be read. */
  readonly asOf: number | null
  readonly complete: boolean
}

export interface Search {
  /** @throws the first error where no connector could be searched at all. */
  page(): Promise<SearchPage>
  /** How many objects were found. @throws BudgetError where a budget ended the search early. */
  totalCount(): Promise<number>
}

/** @throws BadInputError at once, before anything is read, when the arguments cannot be used. */
export const createSearch = (
  args: SearchArguments,
  readers: readonly Reader[],
  operation: Operation,
  source: StoredSource,
): Search => {
  const searchQuery = readSearchQuery(args)
  const range = readRange(args, searchQuery, readers)
  let found: Promise<Found> | undefined
  let page: Promise<SearchPage> | undefined
  const run = (): Promise<Found> => (found ??= searchAll(searchQuery, readers, operation, source))
  const readPage = async (): Promise<SearchPage> => {
    const cutOut = cut(range, await run())
    for (const { collection } of cutOut.hits)
      operation.returned(
        1,
        args.path && collection !== 'events' ? stepPath(args.path, collection) : undefined,
      )
    return cutOut
  }
  return {
    page: () => (page ??= readPage()),
    totalCount: async () => {
      const { hits, budget } = await run()
      if (budget !== undefined) throw budget
      return hits.length
    },
  }
}

interface Range {
  readonly size: number
  readonly after: Place | undefined
  readonly write: (hit: Hit) => string
}

/** Where an object stands among all that was found; events come last, the newest first. */
interface Place {
  readonly keys: readonly [group: number, within: number]
  readonly id: string
  readonly connector: string
}

const readRange = (
  { first, after }: SearchArguments,
  { value, kinds, types, events }: SearchQuery,
  readers: readonly Reader[],
): Range => {
  const size = first ?? DEFAULT_PAGE
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE)
    throw new BadInputError(`"first" must be from 1 to ${MAX_PAGE}`, 'first')
  const aliases = readers.map(({ alias }) => alias)
  const key = listKey(['search', value, [...kinds].sort(), [...types].sort(), events, aliases])
  return {
    size,
    after: after === null || after === undefined ? undefined : readPlace(key, after),
    write: hit => writeCursor(key, { kind: 'key', ...placeOf(hit) }),
  }
}

const readPlace = (key: string, after: string): Place => {
  const refuse = (): never => {
    throw new BadInputError(
      '"after" is not a cursor of this search: give an endCursor that the same value, kinds, types and connectors returned',
      'after',
    )
  }
  try {
    const cursor = readCursor(key, after, 'after')
    const [group, within] = cursor.kind === 'key' ? cursor.keys : []
    if (typeof group !== 'number' || typeof within !== 'number') return refuse()
    return { keys: [group, within], id: cursor.id, connector: cursor.connector }
  } catch (error) {
    if (error instanceof BadInputError) return refuse()
    throw error
  }
}

const placeOf = ({ connector, collection, row, matchedOn }: Hit): Place => ({
  keys:
    collection === 'events'
      ? [EVENTS, 'occurredAt' in row ? -row.occurredAt : 0]
      : [
          matchedOn.some(({ via }) => via === null) ? DIRECT : LINKED,
          collectionNames.indexOf(collection),
        ],
  id: row.id,
  connector,
})

const DIRECT = 0
const LINKED = 1
const EVENTS = 2

const comparePlaces = (a: Place, b: Place): number =>
  a.keys[0] - b.keys[0] ||
  a.keys[1] - b.keys[1] ||
  compareText(a.id, b.id) ||
  compareText(a.connector, b.connector)

interface Found extends Searched {
  /** In the order of the answer, each with its place. */
  readonly placed: readonly { readonly hit: Hit; readonly field: Place }[]
}

const searchAll = async (
  searchQuery: SearchQuery,
  readers: readonly Reader[],
  operation: Operation,
  source: StoredSource,
): Promise<Found> => {
  const budget = createRequestBudget(operation)
  const answers = await Promise.allSettled(
    readers.map(reader => searchConnector(searchQuery, reader, operation, budget, source)),
  )
  const parts: Searched[] = []
  for (const [index, answer] of answers.entries()) {
    if (answer.status === 'fulfilled') {
      parts.push(answer.value)
      continue
    }
    // A bug must not pass for a connector that is down.
    if (!(answer.reason instanceof GatewayError)) throw answer.reason
    operation.incomplete({
      code: answer.reason.code,
      message: 'This connector could not be searched',
      connector: readers[index]?.alias ?? '',
      collection: null,
    })
  }
  const failed = answers.find(answer => answer.status === 'rejected')
  if (failed !== undefined && parts.length === 0) throw failed.reason
  const hits = parts.flatMap(part => part.hits)
  const placed = hits.map(hit => ({ hit, field: placeOf(hit) }))
  const times = parts.map(({ asOf }) => asOf).filter(asOf => asOf !== null)
  return {
    hits,
    placed: placed.sort((a, b) => comparePlaces(a.field, b.field)),
    asOf: times.length === 0 ? null : Math.min(...times),
    complete: failed === undefined && parts.every(({ complete }) => complete),
    budget: parts.find(({ budget }) => budget !== undefined)?.budget,
  }
}

const cut = ({ size, after, write }: Range, { placed, asOf, complete }: Found): SearchPage => {
  const next =
    after === undefined ? 0 : placed.findIndex(({ field }) => comparePlaces(field, after) > 0)
  const start = next < 0 ? placed.length : next
  const hits = placed.slice(start, start + size).map(({ hit }) => hit)
  const [first, last] = [hits[0], hits.at(-1)]
  return {
    hits,
    cursor: write,
    hasNextPage: start + hits.length < placed.length,
    hasPreviousPage: start > 0,
    startCursor: first === undefined ? null : write(first),
    endCursor: last === undefined ? null : write(last),
    asOf,
    complete,
  }
}
