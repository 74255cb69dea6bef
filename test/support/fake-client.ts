/** A connector's API as plain lists in memory, answering when and how a test wants: for tests of who waits for what. */
import { UpstreamRefusedError } from '../../src/errors.ts'
import type { Clock } from '../../src/model/clock.ts'
import type { CollectionName, Rows } from '../../src/model/rows.ts'
import type {
  Call,
  Client,
  ConnectorHealth,
  Facts,
  Lookup,
  Page,
  PageRequest,
  RateLimitState,
  Unreadable,
} from '../../src/upstream/contract/contract.ts'

/** One request as it came; `id` where it asks for one object. */
export interface Asked {
  readonly collection: CollectionName
  readonly request: PageRequest
  readonly id?: string
  readonly call: Call
}

export type Lists = { [Name in CollectionName]?: Rows[Name][] }

export interface FakeClientOptions {
  readonly clock: Clock
  /** May change while a test runs. */
  readonly lists: Lists
  readonly pageSize?: number
  readonly latencyMs?: number
  /** Awaited before each answer; may change the lists, wait, throw, or give the page itself. */
  readonly before?: (asked: Asked, n: number) => Promise<FakePage | void> | FakePage | void
  /** What the connector says of itself; well and idle where absent. Tests may change it as they run. */
  readonly state?: ClientState
}

export interface ClientState {
  health: ConnectorHealth
  rateLimit: RateLimitState
}

export const wellAndIdle = (): ClientState => ({
  health: { status: 'OK', reason: null, asks: true },
  rateLimit: { limit: 10, burst: 10, available: 10, queued: 0, estimatedWaitMs: 0 },
})

export type FakePage = Partial<Pick<Page, 'rows' | 'nextToken' | 'unreadable' | 'readAt'>>

export interface FakeClient extends Client {
  /** Every request so far, oldest first. */
  readonly asked: readonly Asked[]
  /** Where pages began: a token, an offset as `+n`, or `start`. */
  readonly origins: readonly string[]
}

/** Pages go by tokens `after ID`, which hold also when that row has gone; equal requests are not shared. */
export const createFakeClient = (options: FakeClientOptions): FakeClient => {
  const { clock, lists, pageSize = 10, latencyMs = 250, state = wellAndIdle() } = options
  const asked: Asked[] = []
  const verdicts = new Map<string, string>()
  // The order of all rows that ever were, so that a token holds when its row has gone.
  const positions = new Map<string, number>()
  const facts: Facts = {
    get: name => verdicts.get(name),
    set: (name, verdict) => {
      verdicts.set(name, verdict)
    },
    all: () => verdicts,
  }

  const answer = async (
    ask: Asked,
  ): Promise<{ readonly given: FakePage; readonly readAt: number }> => {
    asked.push(ask)
    const n = asked.length
    const readAt = clock.now()
    ask.call.signal?.throwIfAborted()
    ask.call.onRequest?.(0)
    const left = new Promise<never>((_resolve, reject) => {
      ask.call.signal?.addEventListener('abort', () => {
        reject(ask.call.signal?.reason as Error)
      })
    })
    left.catch(() => undefined)
    const given = await Promise.race([Promise.resolve(options.before?.(ask, n)), left])
    return { given: given ?? {}, readAt }
  }

  const rowsOf = <Name extends CollectionName>(name: Name): readonly Rows[Name][] => {
    const rows = (lists[name] ?? []) as readonly Rows[Name][]
    for (const { id } of rows) if (!positions.has(id)) positions.set(id, positions.size)
    return rows
  }

  return {
    asked,
    get origins() {
      return asked.map(({ request: { nextToken, offset } }) =>
        offset === undefined ? (nextToken ?? 'start') : `+${offset}`,
      )
    },
    page: async <Name extends CollectionName>(
      collection: Name,
      request: PageRequest,
      call: Call,
    ): Promise<Page<Name>> => {
      const { given, readAt } = await answer({ collection, request, call })
      const { nextToken, offset = 0, parameters = {} } = request
      const rows = rowsOf(collection).filter(row =>
        Object.entries(parameters).every(
          ([field, value]) => (row as unknown as Record<string, unknown>)[field] === value,
        ),
      )
      const after = nextToken === undefined ? -1 : positions.get(nextToken.replace('after ', ''))
      if (after === undefined) throw new UpstreamRefusedError('Invalid nextToken', 400)
      const rest = rows.filter(({ id }) => (positions.get(id) ?? 0) > after).slice(offset)
      const page = rest.slice(0, Math.min(pageSize, request.limit ?? pageSize))
      const more = rest.length > page.length
      const unreadable: readonly Unreadable[] = given.unreadable ?? []
      return {
        rows: page,
        promisesMore: false,
        nextToken: more ? `after ${page.at(-1)?.id ?? ''}` : undefined,
        readAt,
        sent: page.length + unreadable.length,
        ...given,
        unreadable,
      } as Page<Name>
    },
    one: async <Name extends CollectionName>(
      collection: Name,
      id: string,
      call: Call,
    ): Promise<Lookup<Name>> => {
      const { readAt } = await answer({ collection, request: {}, id, call })
      const row = rowsOf(collection).find(other => other.id === id)
      return row === undefined
        ? { kind: 'absent', status: 404, readAt }
        : { kind: 'row', row, readAt }
    },
    write: async () => {
      throw new UpstreamRefusedError('Nothing is written here', 403)
    },
    pageSize: () => pageSize,
    latencyMs: () => latencyMs,
    rateLimit: () => state.rateLimit,
    health: () => state.health,
    hasAnswered: () => true,
    facts,
    close: async () => undefined,
  }
}

/** A call that waits for a minute, unless it says otherwise. */
export const callAt = (clock: Clock, given: Partial<Call> = {}): Call => ({
  owner: 'a test',
  priority: 'interactive',
  deadline: clock.now() + 60_000,
  ...given,
})
