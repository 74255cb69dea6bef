/**
 * The client of one connector's API: sharing ▸ retry ▸ limiter ▸ circuit ▸ transport, then decoding. It keeps no rows.
 */
import { UpstreamRefusedError, UpstreamUnavailableError } from '../errors.ts'
import type { Clock } from '../model/clock.ts'
import { collections } from '../model/collections.ts'
import type { CollectionName } from '../model/rows.ts'
import { createAsk, isKeyRefusal } from './request/attempts.ts'
import { createCircuit } from './request/circuit.ts'
import type { RequestPath } from './request/attempt.ts'
import type { Call, Client, Lookup, Page, PageRequest } from './contract/contract.ts'
import { createDecoders } from './decode/decode.ts'
import type { OnEvent, UpstreamLog } from './contract/events.ts'
import { createKeyWatch, describeHealth } from './health.ts'
import { createIdentity } from './state/key-state.ts'
import { createInterner } from './decode/interner.ts'
import { createKeys } from './state/keys.ts'
import { objectPath, pagePath } from './request/request-path.ts'
import { createAnswerReader } from './decode/read-answer.ts'
import { createSharing, type Flight } from './request/single-flight.ts'
import type { SizesByConnector, State } from './state/state.ts'
import { createTransport } from './request/transport.ts'

export interface ClientOptions {
  readonly alias: string
  /** The base URL, such as `https://api.pushsecurity.com/v1`. */
  readonly url: string
  /** The API key; asked again when Push refuses it. */
  readonly key: () => string | Promise<string>
  /** Requests per second, and how many more at once after a quiet time. */
  readonly rate: number
  readonly burst: number
  /** Shared by all connectors; not closed by the client. */
  readonly state: State
  readonly clock: Clock
  readonly log?: UpstreamLog | undefined
  readonly onEvent?: OnEvent | undefined
}

/** The client as created; `sizes` is for the room above, which knows when it has read a collection whole. */
export interface UpstreamClient extends Client {
  readonly sizes: SizesByConnector
}

/** What a look-up by id may be answered with where there is no such object, or no such endpoint. */
const ABSENT = [400, 403, 404]

/** The client of one connector. It reads its key at once and makes no request on its own. */
export const createClient = (options: ClientOptions): UpstreamClient => {
  const { alias, url, state, clock, log } = options
  const limits = { rate: options.rate, burst: options.burst }
  const onEvent: OnEvent = event => {
    options.onEvent?.(event)
    if (event.kind === 'pause')
      log?.(
        'warn',
        `Others spend on the key of connector ${alias}: Push answered 429. ` +
          `No request for ${Math.ceil(event.pauseMs)} ms, and fewer after that.`,
      )
  }
  const keys = createKeys(alias, options.key, clock, log)
  const identity = createIdentity({ url, limits, state, clock }, keys, onEvent)
  const transport = createTransport({ url, clock })
  const circuit = createCircuit(alias, clock, restMs => {
    onEvent({ kind: 'circuit', restMs })
    if (restMs > 0) log?.('warn', `Push fails for connector ${alias}: no request for ${restMs} ms.`)
    else log?.('info', `Push answers again for connector ${alias}.`)
  })
  const ask = createAsk({ alias, clock, keys, identity, circuit, send: transport.send, onEvent })
  const sharing = createSharing(clock)
  const reader = createAnswerReader(ask, createDecoders(createInterner()), clock)
  const keyWatch = createKeyWatch(clock)
  let closed: UpstreamUnavailableError | undefined

  const share = <Result>(
    question: RequestPath,
    call: Call,
    start: (flight: Flight) => Promise<Result>,
  ): Promise<Result> =>
    closed === undefined ? sharing.share(question.path, call, start) : Promise.reject(closed)

  const readList = async <Name extends CollectionName>(
    name: Name,
    limit: number,
    request: PageRequest,
    flight: Flight,
  ): Promise<Page<Name>> => {
    const { path } = collections[name]
    try {
      const page = await reader.page(name, pagePath(path, limit, request), flight)
      keyWatch.accepted(path)
      if (Object.keys(request.parameters ?? {}).length === 0)
        identity.holdings().pageSize.answered(limit, page.sent, page.nextToken !== undefined)
      return page
    } catch (error) {
      if (isKeyRefusal(error) && keyWatch.refused(path))
        log?.('warn', `Push refuses the key of connector ${alias} for ${path}.`)
      throw error
    }
  }

  return {
    page: (name, request, call) => {
      const { pageSize } = identity.holdings()
      const limit = pageSize.limit(request.limit)
      const question = pagePath(collections[name].path, limit, request)
      return share(question, call, async flight => {
        try {
          return await readList(name, limit, request, flight)
        } catch (error) {
          const refused = error instanceof UpstreamRefusedError && error.status === 400
          const smaller = refused ? pageSize.refused(limit) : undefined
          if (smaller === undefined) throw error
          const page = await readList(name, smaller, request, flight)
          identity.holdings().pageSize.accepted(smaller)
          return page
        }
      })
    },

    one: async <Name extends CollectionName>(
      name: Name,
      id: string,
      call: Call,
    ): Promise<Lookup<Name>> => {
      const question = objectPath(collections[name].path, id)
      if (question === undefined) return { kind: 'absent', status: 404, readAt: clock.now() }
      return share<Lookup<Name>>(question, call, async flight => {
        const since = clock.now()
        try {
          return { kind: 'row', ...(await reader.one(name, id, question, flight)) }
        } catch (error) {
          if (!(error instanceof UpstreamRefusedError) || !ABSENT.includes(error.status))
            throw error
          return { kind: 'absent', status: error.status, readAt: since }
        }
      })
    },

    pageSize: () => identity.holdings().pageSize.known(),
    latencyMs: () => identity.holdings().latency.averageMs(),
    rateLimit: () =>
      identity.holdings().limiter?.look() ?? {
        limit: limits.rate,
        burst: limits.burst,
        available: limits.burst,
        queued: 0,
        estimatedWaitMs: 0,
      },
    health: () => {
      const limiter = identity.holdings().limiter
      const slowedTo = limiter?.slowed() === true ? limiter.look().limit : undefined
      // Without a key nothing is sent, so nothing else can tell.
      const unreadable = keys.flaw()
      if (unreadable !== undefined) return { status: 'FAILING', reason: unreadable.message }
      return describeHealth(alias, keyWatch.verdict(), circuit.look(), slowedTo, clock.now())
    },
    facts: {
      get: name => identity.holdings().facts.get(name),
      set: (name, verdict) => {
        identity.holdings().facts.set(name, verdict)
      },
      all: () => identity.holdings().facts.all(),
    },
    sizes: {
      get: collection => identity.holdings().sizes.get(collection),
      set: (collection, rows) => {
        identity.holdings().sizes.set(collection, rows)
      },
      seen: question => identity.holdings().sizes.seen(question),
      see: (question, objects) => {
        identity.holdings().sizes.see(question, objects)
      },
    },
    close: async () => {
      closed ??= new UpstreamUnavailableError(`The client of connector ${alias} is closed.`)
      sharing.close(closed)
      await transport.close()
    },
  }
}
