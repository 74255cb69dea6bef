/** Tries a connector's key on every list that Pushgraph reads. */
import { GatewayError, UpstreamRefusedError } from '../errors.ts'
import type { Clock } from '../model/clock.ts'
import { collectionNames, collections } from '../model/collections.ts'
import type { CollectionName } from '../model/rows.ts'
import type { ConnectorStore } from '../store/store.ts'
import type { Call, Client } from '../upstream/contract/contract.ts'

/** What came of one list. */
export interface CheckedList {
  readonly connector: string
  readonly path: string
  readonly ok: boolean
  /** Push's status, or the code of what failed. */
  readonly status: string
  /** From sending to answer, without waiting for the limiter. */
  readonly latencyMs: number
  /** Rows of the first page; null where there was none. */
  readonly rows: number | null
  /** Whether more pages follow. */
  readonly more: boolean
  /** What the key may do, or why not, in a few words. */
  readonly finding: string
}

const waitMs = 30_000

/** One line for each list, as soon as it is known: a page is read, then one object by its id. Nothing is written. */
export async function* checkConnector(
  store: ConnectorStore,
  client: Client,
  clock: Clock,
): AsyncGenerator<CheckedList> {
  for (const name of collectionNames) yield await checkList(name, store, client, clock)
}

const checkList = async (
  name: CollectionName,
  store: ConnectorStore,
  client: Client,
  clock: Clock,
): Promise<CheckedList> => {
  const startedAt = clock.now()
  let waitedMs = 0
  const call: Call = {
    owner: 'check',
    priority: 'interactive',
    deadline: startedAt + waitMs,
    onRequest: waited => {
      waitedMs += waited
    },
  }
  const about = { connector: store.alias, path: collections[name].path }
  const latencyMs = () => Math.round(Math.max(0, clock.now() - startedAt - waitedMs))
  try {
    const page = await client.page(name, {}, call)
    const answeredMs = latencyMs()
    const [row] = page.rows
    const unreadable = page.unreadable.length
    return {
      ...about,
      ok: unreadable === 0,
      status: '200',
      latencyMs: answeredMs,
      rows: page.sent,
      more: page.nextToken !== undefined || page.promisesMore,
      finding: [
        'may read',
        ...(row === undefined ? [] : [await readsById(name, row.id, store, call)]),
        ...(unreadable === 0 ? [] : [`${unreadable} rows cannot be read`]),
      ].join(', '),
    }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return {
      ...about,
      ok: false,
      status: error instanceof UpstreamRefusedError ? String(error.status) : error.code,
      latencyMs: latencyMs(),
      rows: null,
      more: false,
      finding: error.message,
    }
  }
}

const readsById = async (
  name: CollectionName,
  id: string,
  store: ConnectorStore,
  call: Call,
): Promise<string> => {
  try {
    const found = await store.readOne(name, id, call)
    return found === 'unavailable' || found === null ? 'not by id' : 'also by id'
  } catch (error) {
    if (error instanceof GatewayError) return 'by id unknown'
    throw error
  }
}
