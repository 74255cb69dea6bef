/**
 * The client of one connector's API: single flight ▸ retry ▸ limiter ▸ circuit ▸ transport, then decoding. It keeps no rows.
 */
import type { KeptAnswers } from '../answers/contract.ts'
import { type UpstreamRefusedError, UpstreamUnavailableError } from '../errors.ts'
import type { Clock } from '../model/clock.ts'
import { collections } from '../model/collections.ts'
import { createAskPush, createAttemptOnce } from './request/attempts.ts'
import { CircuitOpenError, createCircuit } from './request/circuit.ts'
import { GREETING_MS, type RequestPath } from './request/attempt.ts'
import type { Call, Client, RateLimitState } from './contract/contract.ts'
import { createDecoders } from './decode/decode.ts'
import type { OnEvent, UpstreamLog } from './contract/events.ts'
import { createListWatch, describeHealth } from './health.ts'
import { createFirstIds, createListReader, lookUpObject } from './reads.ts'
import { createKeyTenant, type TenantEvidence, type Tenure } from './key-tenant.ts'
import { createKeyStates } from './state/key-state.ts'
import { createInterner } from './decode/interner.ts'
import { createKeys } from './state/keys.ts'
import { createAnswerKeeping, inNextTurn, type InTurn } from './request/keep-answers.ts'
import { objectPath, pagePath } from './request/request-path.ts'
import { createAnswerReader } from './decode/read-answer.ts'
import { createSendWrite } from './request/send-write.ts'
import { createSingleFlight, type Flight } from './request/single-flight.ts'
import type { BucketLimits } from './limiter/bucket.ts'
import type { Measures, SizesByConnector } from './state/sizes.ts'
import { type State, stateId } from './state/state.ts'
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
  /** What is known of the tenant that the connector of that alias was of before; where absent, of every key it is. */
  readonly evidence?: TenantEvidence | undefined
  /** The key in use was replaced by one of another tenant: another client is to take its place. */
  readonly onOtherTenant?: (() => void) | undefined
  /** Whether others are asked the same questions, who need not wait for this one; it stands alone where absent. */
  readonly isOneOfSeveral?: (() => boolean) | undefined
  /** Shared by all connectors; not closed by the client. */
  readonly state: State
  /** Where Push's answers are kept beyond the process; nowhere where absent. Not closed by the client either. */
  readonly answers?: KeptAnswers | undefined
  /** Has what is kept read when it has its turn; as soon as all else in the event loop had its own where absent. */
  readonly inTurn?: InTurn | undefined
  readonly clock: Clock
  readonly log?: UpstreamLog | undefined
  readonly onEvent?: OnEvent | undefined
}

/** The client as created; `sizes` is for the room above, which knows when it has read a collection whole. */
export interface UpstreamClient extends Client, Tenure {
  readonly sizes: SizesByConnector
  readonly measures: Measures
  /** Keeps to these limits from now on. */
  limit(limits: BucketLimits): void
  /**
   * Under which id all that belongs to its tenant is kept: a hash; undefined before a key has been read, and as long as it is
   * not known whose it is.
   */
  keptAs(): string | undefined
}

/** The client of one connector. It reads its key at once and makes no request on its own. */
export const createClient = (options: ClientOptions): UpstreamClient => {
  const { alias, url, rate, burst, state, clock, log } = options
  const onEvent = withWarnings(options)
  const keyTenant = createKeyTenant({
    ...{ alias, url, state, clock, log, evidence: options.evidence },
    keys: createKeys(alias, options.key, clock, log),
    firstIds: (...asked) => firstIds(...asked),
    onOther: () => options.onOtherTenant?.(),
  })
  const { keys } = keyTenant
  const keyStates = createKeyStates({ url, limits: { rate, burst }, state, clock }, keys, onEvent)
  const transport = createTransport({ url, clock })
  const circuit = createCircuit(alias, clock, restMs => onEvent({ kind: 'circuit', restMs }))
  const retrying = { clock, onEvent, circuit }
  const isOneOfSeveral = (): boolean => options.isOneOfSeveral?.() === true
  const isStrange = (): boolean => isOneOfSeveral() && !circuit.look().worked
  const attempts = { ...retrying, alias, keys, keyStates, isStrange, send: transport.send }
  const attemptOnce = createAttemptOnce(attempts)
  const askPush = createAskPush(attemptOnce, retrying)
  const tenant = async (): Promise<string> => state.keptAs(stateId(url, await keys.current()))
  const kept =
    options.answers &&
    createAnswerKeeping(askPush, {
      answers: options.answers,
      alias,
      tenant,
      changes: () => keyStates.current().measures,
      inTurn: options.inTurn ?? inNextTurn,
      clock,
      onEvent,
    })
  const sendWrite = createSendWrite(attemptOnce, retrying)
  const flights = createSingleFlight(clock)
  const interner = createInterner()
  const decoders = createDecoders(interner)
  const reader = createAnswerReader(kept?.ask ?? askPush, decoders, clock)
  const firstIds = createFirstIds(attempts, flights, decoders)
  const listWatch = createListWatch(clock)
  const readPage = createListReader(options, reader, keyStates, listWatch)
  let closed: UpstreamUnavailableError | undefined

  const share = <Result>(
    { path }: RequestPath,
    call: Call,
    start: (flight: Flight) => Promise<Result>,
  ): Promise<Result> => {
    if (closed !== undefined) return Promise.reject(closed)
    // A stranger may be there by now.
    return isStrange() && circuit.look().state === 'trial'
      ? passOver(path, start, new CircuitOpenError(alias, GREETING_MS))
      : flights.run(path, call, start)
  }
  /** Tries whether Push answers that by now, and holds up nobody by it. */
  const passOver = (
    path: string,
    start: (flight: Flight) => Promise<unknown>,
    reason: UpstreamUnavailableError | UpstreamRefusedError,
  ): Promise<never> => {
    const deadline = clock.now() + 2 * GREETING_MS
    flights
      .run(path, { owner: 'trial', priority: 'background', deadline }, start)
      .catch(() => undefined)
    return Promise.reject(reason)
  }

  return {
    page: (name, request, call) => {
      const limit = keyStates.current().pageSize.limit(request.limit)
      const { path } = collections[name]
      const requestPath = pagePath(path, limit, request)
      const start = (flight: Flight) => readPage(name, limit, request, flight)
      const refusal = isOneOfSeveral() ? listWatch.refusal(path) : undefined
      if (refusal === undefined || closed !== undefined) return share(requestPath, call, start)
      if (clock.now() - refusal.at < REFUSED_REST_MS) return Promise.reject(refusal.reason)
      return passOver(requestPath.path, start, refusal.reason)
    },
    one: async (name, id, call) => {
      const requestPath = objectPath(collections[name].path, id)
      if (requestPath === undefined) return { kind: 'absent', status: 404, readAt: clock.now() }
      return share(requestPath, call, flight =>
        lookUpObject(reader, clock, name, id, requestPath, flight),
      )
    },
    kept:
      kept &&
      (async (name, request, look) => {
        if (closed !== undefined) throw closed
        const limit = keyStates.current().pageSize.limit(request.limit)
        const requestPath = pagePath(collections[name].path, limit, request)
        return kept.find(requestPath, look, answer => reader.keptPage(name, answer))
      }),
    keptBytes: kept && (name => kept.bytes(collections[name].path)),
    outdate: kept && ((name, at) => kept.outdate(collections[name].path, at)),
    write: async (name, id, request, call) => {
      const { path } = collections[name]
      const object = objectPath(path, id)
      if (object === undefined) return { kind: 'absent' }
      if (closed !== undefined) throw closed
      try {
        return await sendWrite(object, request, call)
      } finally {
        kept?.outdate(path)
      }
    },
    pageSize: () => keyStates.current().pageSize.known(),
    latencyMs: () => keyStates.current().latency.averageMs(),
    rateLimit: () => keyStates.current().limiter?.look() ?? untouched(keyStates.limits()),
    limit: keyStates.limit,
    keptAs: keyStates.id,
    ...keyTenant.tenure,
    health: () => {
      const { limiter } = keyStates.current()
      const slowedTo = limiter?.slowed() === true ? limiter.look().limit : undefined
      // Without a key nothing is sent, so nothing else can tell.
      const unreadable = keys.flaw()
      if (unreadable !== undefined)
        return { status: 'FAILING', reason: unreadable.message, asks: false }
      const health = describeHealth(listWatch.verdict(), circuit.look(), slowedTo, clock.now())
      const doubt = keyTenant.tenure.doubt()
      if (doubt === undefined || health.status === 'FAILING') return health
      return { status: 'FAILING', reason: doubt, asks: true }
    },
    hasAnswered: () => circuit.look().worked,
    rowsLeft: interner.forget,
    facts: keyStates.facts,
    sizes: keyStates.sizes,
    measures: keyStates.measures,
    close: async () => {
      closed ??= new UpstreamUnavailableError(`The client of connector ${alias} is closed.`)
      flights.close(closed)
      keyStates.leave()
      await transport.close()
    },
  }
}

/** Beside others, a list that was refused is not asked for again so soon, in milliseconds. */
const REFUSED_REST_MS = 5_000

/** Before anything was sent. */
const untouched = ({ rate, burst }: BucketLimits): RateLimitState => ({
  limit: rate,
  burst,
  available: burst,
  queued: 0,
  estimatedWaitMs: 0,
})

/** Hears of what the client does; what an operator should know is logged too. */
const withWarnings =
  ({ alias, log, onEvent }: ClientOptions): OnEvent =>
  event => {
    onEvent?.(event)
    if (event.kind === 'pause')
      log?.(
        'warn',
        `Others spend on the key of connector ${alias}: Push answered 429. ` +
          `No request for ${Math.ceil(event.pauseMs)} ms, and fewer after that.`,
      )
    if (event.kind !== 'circuit') return
    const { restMs } = event
    if (restMs > 0) log?.('warn', `Push fails for connector ${alias}: no request for ${restMs} ms.`)
    else log?.('info', `Push answers again for connector ${alias}.`)
  }
