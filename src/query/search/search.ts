/** One value looked for in all collections of several connectors, and what was found in pages. */
import { BadInputError, GatewayError } from '../../errors.ts'
import { collectionNames } from '../../model/collections.ts'
import { sorted } from '../../filter/sorted.ts'
import { compareText } from '../../model/values.ts'
import type { Work } from '../../work/work.ts'
import { oldest } from '../list/collect.ts'
import { listKey, readCursor, writeCursor } from '../list/cursor.ts'
import { ListPage } from '../list/page.ts'
import { type CursorFormat, emptyPage, type PageArguments, readRange } from '../list/range.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'
import type { StoredSource } from '../stored/list.ts'
import { readSearchQuery, type SearchQuery, type SearchValueArguments } from './arguments.ts'
import type { Searched } from './completeness.ts'
import { searchConnector } from './connector.ts'
import { type Hit, HIT_NS } from './hits.ts'
import { stepPath } from './needs.ts'
import { createRequestBudget } from './request-budget.ts'

export { searchNeeds } from './needs.ts'
export type { ObservableKind } from '../../model/observables.ts'
export type { Hit, Match } from './hits.ts'

export interface SearchArguments
  extends SearchValueArguments, Pick<PageArguments, 'first' | 'after'> {
  /** Where the search stands in the answer, where a plan was asked for. */
  readonly path?: string | undefined
}

export interface Search {
  /**
   * Direct hits first, then by type, then by id; events last, the newest first.
   * @throws the first error where no connector could be searched at all.
   */
  page(): Promise<ListPage<Hit>>
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
  const range = readRange(args, searchCursors(searchQuery, readers))
  const { size, after, write } = range
  let found: Promise<Searched> | undefined
  const run = (): Promise<Searched> =>
    (found ??= searchAll(searchQuery, readers, operation, source))
  const readPage = async (): Promise<ListPage<Hit>> => {
    if (size === 0) return emptyPage(range)
    const { hits, asOf, complete } = await run()
    const next =
      after === undefined ? 0 : hits.findIndex(hit => comparePositions(positionOf(hit), after) > 0)
    const start = next < 0 ? hits.length : next
    const items = hits.slice(start, start + size)
    return new ListPage({
      items,
      operation,
      path: ({ collection }) =>
        args.path && collection !== 'events' ? stepPath(args.path, collection) : undefined,
      hasNextPage: start + items.length < hits.length,
      hasPreviousPage: start > 0,
      cursor: hit => write(positionOf(hit)),
      asOf,
      complete,
    })
  }
  let page: Promise<ListPage<Hit>> | undefined
  return {
    page: () => (page ??= readPage()),
    totalCount: async () => {
      const { hits, budget } = await run()
      if (budget !== undefined) throw budget
      return hits.length
    },
  }
}

/** Where an object stands among all that was found; events come last, the newest first. */
interface HitPosition {
  readonly keys: readonly [group: number, within: number]
  readonly id: string
  readonly connector: string
}

const searchCursors = (
  { value, kinds, types, events }: SearchQuery,
  readers: readonly Reader[],
): CursorFormat<HitPosition> => {
  const aliases = readers.map(({ alias }) => alias)
  const key = listKey(['search', value, [...kinds].sort(), [...types].sort(), events, aliases])
  const refuse = (argument: string): never => {
    throw new BadInputError(
      '"after" is not a cursor of this search: give an endCursor that the same value, kinds, types and connectors returned',
      argument,
    )
  }
  return {
    read: (text, argument) => {
      try {
        const cursor = readCursor(key, text, argument)
        const [group, within] = cursor.kind === 'key' ? cursor.keys : []
        if (typeof group !== 'number' || typeof within !== 'number') return refuse(argument)
        return { keys: [group, within], id: cursor.id, connector: cursor.connector }
      } catch (error) {
        if (error instanceof BadInputError) return refuse(argument)
        throw error
      }
    },
    write: position => writeCursor(key, { kind: 'key', ...position }),
  }
}

const positionOf = ({ connector, collection, row, matchedOn }: Hit): HitPosition => ({
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

const comparePositions = (a: HitPosition, b: HitPosition): number =>
  a.keys[0] - b.keys[0] ||
  a.keys[1] - b.keys[1] ||
  compareText(a.id, b.id) ||
  compareText(a.connector, b.connector)

/** What all connectors have, in the order of the answer. @throws the first error where none could be searched at all */
export const searchAll = async (
  searchQuery: SearchQuery,
  readers: readonly Reader[],
  operation: Operation,
  source: StoredSource,
): Promise<Searched> => {
  const budget = createRequestBudget(operation)
  const answers = await Promise.allSettled(
    readers.map(async reader =>
      // Many begin at the same moment.
      operation.work.inTurn(() => searchConnector(searchQuery, reader, operation, budget, source)),
    ),
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
  const hits = await operation.work.run(placed(parts, operation.work))
  const inOrder = await sorted(
    hits,
    (a, b) => comparePositions(a.position, b.position),
    operation.work,
  )
  return {
    hits: inOrder.map(({ hit }) => hit),
    asOf: oldest(parts.map(({ asOf }) => asOf)),
    complete: failed === undefined && parts.every(({ complete }) => complete),
    budget: parts.find(({ budget }) => budget !== undefined)?.budget,
  }
}

interface PlacedHit {
  readonly hit: Hit
  readonly position: HitPosition
}

function* placed(parts: readonly Searched[], work: Work): Generator<void, readonly PlacedHit[]> {
  const all: PlacedHit[] = []
  for (const { hits } of parts)
    for (const hit of hits) {
      if (!work.spend(HIT_NS)) yield
      all.push({ hit, position: positionOf(hit) })
    }
  return all
}
