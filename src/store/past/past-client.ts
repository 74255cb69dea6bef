/** What was known of a connector at a moment, asked like Push itself: pages of lists, and single objects. */
import { collectionNames, collections } from '../../model/collections.ts'
import type { ListThen, RowsThen } from '../../model/known-rows.ts'
import type { Maybe } from '../../model/maybe.ts'
import type { CollectionName, Rows } from '../../model/rows.ts'
import { byIdFact, offsetFact, parameterFact } from '../../upstream/contract/capabilities.ts'
import type { Client, Facts, Lookup, Page } from '../../upstream/contract/contract.ts'

/** The history of one connector up to one moment. Rows are JSON, as the store holds them. */
export interface PastRows {
  list(name: CollectionName): Promise<ListThen>
  /** The rows behind that id, `''` at first. */
  page(name: CollectionName, after: string, limit: number): Promise<RowsThen>
  /** Null where it is known that there was none; undefined where nothing was known of it. */
  one(name: CollectionName, id: string): Promise<string | null | undefined>
}

export interface PastClientOptions {
  readonly rows: PastRows
  /** Milliseconds. */
  readonly moment: number
  /** Parses the rows of a page. @throws where what they are for has ended */
  readonly parsed: (texts: readonly string[]) => Maybe<unknown[]>
  /** Told before rows are taken into memory. @throws where they may not be */
  readonly onRows: (name: CollectionName, rows: number) => void
  /** Told that it was not known then what is asked for. */
  readonly onUnknown: (name: CollectionName) => void
}

/** Rows read at once: the thread that reads has others waiting, and so has the one that takes them in. */
const PAGE_ROWS = 500

/** It answers at once, and is never refused. */
const WITHOUT_LIMIT = {
  limit: 1e6,
  burst: 1e6,
  available: 1e6,
  queued: 0,
  estimatedWaitMs: 0,
}

export const createPastClient = (options: PastClientOptions): Client => {
  const { rows, moment, parsed, onRows, onUnknown } = options
  const lists = new Map<CollectionName, Promise<ListThen>>()

  const listThen = (name: CollectionName): Promise<ListThen> => {
    const list = lists.get(name) ?? rows.list(name)
    lists.set(name, list)
    return list
  }

  /** What is told stands as of the last time that the whole list was read before the moment. */
  const readAtOf = ({ asOf }: ListThen): number =>
    asOf === undefined ? moment : Math.min(moment, asOf * 1_000)

  return {
    page: async <Name extends CollectionName>(
      name: Name,
      { nextToken = '' }: { readonly nextToken?: string },
    ): Promise<Page<Name>> => {
      const list = await listThen(name)
      const found = await rows.page(name, nextToken, PAGE_ROWS)
      onRows(name, found.rows.length)
      return {
        rows: (await parsed(found.rows)) as Rows[Name][],
        nextToken: found.next,
        promisesMore: false,
        readAt: readAtOf(list),
        sent: found.rows.length,
        unreadable: [],
        ...(found.next === undefined && list.asOf === undefined ? { isPartial: true } : {}),
      }
    },
    one: async <Name extends CollectionName>(name: Name, id: string): Promise<Lookup<Name>> => {
      const list = await listThen(name)
      const readAt = readAtOf(list)
      const row = await rows.one(name, id)
      if (row === undefined) onUnknown(name)
      if (row === undefined || row === null) return { kind: 'absent', status: 404, readAt }
      onRows(name, 1)
      return { kind: 'row', row: JSON.parse(row) as Rows[Name], readAt }
    },
    write: () => Promise.reject(new Error('The past cannot be changed')),
    pageSize: () => PAGE_ROWS,
    latencyMs: () => 1,
    rateLimit: () => WITHOUT_LIMIT,
    health: () => ({ status: 'OK', reason: null, asks: true }),
    hasAnswered: () => true,
    facts: pastFacts,
    close: async () => undefined,
  }
}

const known: ReadonlyMap<string, string> = new Map(
  collectionNames.flatMap(name => [
    [byIdFact(name), 'works'] as const,
    [offsetFact(name), 'no'] as const,
    ...collections[name].pushdown.map(
      ({ parameter }) => [parameterFact(name, parameter), 'refused'] as const,
    ),
  ]),
)

/** What it can do is known from the start. */
const pastFacts: Facts = {
  get: name => known.get(name),
  set: () => undefined,
  all: () => known,
}
