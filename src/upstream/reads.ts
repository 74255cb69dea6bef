/** Reads of pages and objects, and what their answers teach: which lists the key may read, and how large a page may be. */
import { isKeyRefusal, UpstreamRefusedError } from '../errors.ts'
import type { Clock } from '../model/clock.ts'
import { collections } from '../model/collections.ts'
import type { CollectionName } from '../model/rows.ts'
import type { Lookup, Page, PageRequest } from './contract/contract.ts'
import type { UpstreamLog } from './contract/events.ts'
import { type AnswerReader, createAnswerReader } from './decode/read-answer.ts'
import type { Decoders } from './decode/decode.ts'
import type { ListWatch } from './health.ts'
import { attempt, type AttemptOptions, type RequestPath } from './request/attempt.ts'
import { pagePath } from './request/request-path.ts'
import type { Flight, SingleFlight } from './request/single-flight.ts'
import type { KeyStates } from './state/key-state.ts'

export interface ListReaderOptions {
  readonly alias: string
  readonly clock: Clock
  readonly log?: UpstreamLog | undefined
}

export type ReadPage = <Name extends CollectionName>(
  name: Name,
  limit: number,
  request: PageRequest,
  flight: Flight,
) => Promise<Page<Name>>

/** Reads pages, and learns from each answer which lists the key may read and how large a page may be. */
export const createListReader = (
  { alias, clock, log }: ListReaderOptions,
  reader: AnswerReader,
  keyStates: KeyStates,
  listWatch: ListWatch,
): ReadPage => {
  const readList: ReadPage = async (name, limit, request, flight) => {
    const { path } = collections[name]
    const since = clock.now()
    try {
      const page = await reader.page(name, pagePath(path, limit, request), flight)
      // What is kept says nothing of whether Push would answer now.
      if (page.readAt < since) return page
      listWatch.accepted(path)
      if (Object.keys(request.parameters ?? {}).length === 0)
        keyStates.current().pageSize.answered(limit, page.sent, page.nextToken !== undefined)
      return page
    } catch (error) {
      if (isRefusedList(error) && listWatch.refused(path, error))
        log?.(
          'warn',
          isKeyRefusal(error)
            ? `Push refuses the key of connector ${alias} for ${path}.`
            : `Push answers connector ${alias} with ${error.status} at ${path}.`,
        )
      throw error
    }
  }

  return async (name, limit, request, flight) => {
    try {
      return await readList(name, limit, request, flight)
    } catch (error) {
      const isRefused = error instanceof UpstreamRefusedError && error.status === 400
      const smaller = isRefused ? keyStates.current().pageSize.refused(limit) : undefined
      if (smaller === undefined) throw error
      const page = await readList(name, smaller, request, flight)
      keyStates.current().pageSize.accepted(smaller)
      return page
    }
  }
}

/** So many rows are asked for to see whose they are: more than come within the time that a server is down. */
const FIRST_ROWS = 100
/** Whoever wants to know waits so long, in milliseconds. */
const PATIENCE_MS = 10_000

/**
 * Reads the ids of a list's first rows with a key that is not in use, within the limit that is kept as `former`. It is tried
 * once: whoever wants to know asks again.
 */
export const createFirstIds =
  (
    options: Omit<AttemptOptions, 'limiter' | 'latency'> &
      Pick<ListReaderOptions, 'clock'> & {
        readonly keyStates: Pick<KeyStates, 'at'>
      },
    flights: SingleFlight,
    decoders: Decoders,
  ) =>
  (name: CollectionName, key: string, former: string): Promise<readonly string[]> => {
    const { clock, keyStates } = options
    const deadline = clock.now() + PATIENCE_MS
    const once = createAnswerReader(
      async (requestPath, flight, read) =>
        read(await attempt({ ...options, ...keyStates.at(former) }, requestPath, key, flight, 1)),
      decoders,
      clock,
    )
    const { path } = collections[name]
    return flights.run(
      `whose ${path}`,
      { owner: 'whose key', priority: 'interactive', deadline },
      async flight => {
        const { rows } = await once.page(name, pagePath(path, FIRST_ROWS, {}), flight)
        return rows.map(({ id }) => id)
      },
    )
  }

/** Whether Push would not have the question at all, rather than a parameter of it. */
const isRefusedList = (error: unknown): error is UpstreamRefusedError =>
  error instanceof UpstreamRefusedError && error.status !== 400

/** What a look-up by id may be answered with where there is no such object, or no such endpoint. */
const ABSENT = [400, 403, 404]

/** The object of that id, or that Push does not have it, which the caller must know whether to believe. */
export const lookUpObject = async <Name extends CollectionName>(
  reader: AnswerReader,
  clock: Clock,
  name: Name,
  id: string,
  requestPath: RequestPath,
  flight: Flight,
): Promise<Lookup<Name>> => {
  const since = clock.now()
  try {
    return { kind: 'row', ...(await reader.one(name, id, requestPath, flight)) }
  } catch (error) {
    if (!(error instanceof UpstreamRefusedError) || !ABSENT.includes(error.status)) throw error
    return { kind: 'absent', status: error.status, readAt: since }
  }
}
