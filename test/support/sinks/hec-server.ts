/**
 * A strict stand-in for Splunk's HTTP Event Collector: it looks at every envelope and header, counts acknowledgements by
 * channel, and fails as it is told to. It is written from Splunk's documentation, not from our sender.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { startBodyServer } from './body-server.ts'
import { breakConnection } from './break-connection.ts'
import { authority } from './certificates.ts'
import { idOf } from './items.ts'

/** What it does with a batch. */
export type HecDeed =
  | 'take'
  /** Says that it has it, and loses it: an acknowledgement never comes. */
  | 'lose'
  | 'busy'
  | 'fail'
  /** Never answers. */
  | 'stall'
  /** Breaks the connection before it has anything. */
  | 'reset'
  /** Has it, and breaks the connection before, or in the middle of, its answer. */
  | 'take and reset'
  | 'take and answer half'

/** What it does with a question for acknowledgements. */
export type AckDeed =
  | 'tell'
  | 'not yet'
  /** What it would have told is deleted, and the answer does not arrive. */
  | 'forget'
  | 'busy'
  | 'stall'
  | 'reset'
  | 'no channel'

export interface HecServerOptions {
  readonly token?: string
  readonly acknowledges?: boolean
  readonly tls?: boolean
  readonly batch?: () => HecDeed
  readonly ack?: () => AckDeed
  /** Hears of each event once it is indexed. */
  readonly onIndexed?: (event: unknown) => void
  /** Whether an event is one that it will never take; those before it in a batch are taken. */
  readonly refuses?: (id: string) => boolean
  /** Answers instead of it, as a proxy does. */
  readonly instead?: () => readonly [status: number, body: string, headers?: object] | undefined
  readonly indexes?: readonly string[]
}

export interface HecServer {
  readonly url: string
  /** The ids that are indexed, in order, as often as they are. */
  readonly indexed: readonly string[]
  /** The ids that the sender was told of as taken: acknowledged, or answered with 200 where nothing is acknowledged. */
  readonly told: ReadonlySet<string>
  /** Those that it was told of last: where it is killed just then, it may not have come to note it. */
  readonly lastTold: () => readonly string[]
  /** The ids that came again after the sender was told that they are taken. */
  readonly repeats: readonly string[]
  /** What no sender may do. */
  readonly flaws: readonly string[]
  readonly envelopes: readonly Envelope[]
  readonly requests: readonly string[]
  close(): Promise<void>
}

export interface Envelope {
  readonly time: number
  readonly event: unknown
  readonly fields?: unknown
  readonly index?: string
  readonly source?: string
  readonly sourcetype?: string
  readonly host?: string
}

const MEMBERS = new Set(['time', 'host', 'source', 'sourcetype', 'index', 'event', 'fields'])
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export const startHecServer = async (options: HecServerOptions = {}): Promise<HecServer> => {
  const {
    token = 'hec-token',
    acknowledges = true,
    batch = () => 'take',
    ack = () => 'tell',
    refuses = () => false,
  } = options
  const indexed: string[] = []
  const told = new Set<string>()
  let lastTold: readonly string[] = []
  const repeats: string[] = []
  const flaws: string[] = []
  const envelopes: Envelope[] = []
  const requests: string[] = []
  /** By channel, what each acknowledgement stands for; undefined where it was lost. */
  const channels = new Map<string, Map<number, readonly string[] | undefined>>()
  let nextAck = 0

  const tell = (ids: readonly string[]): void => {
    for (const id of ids) told.add(id)
    if (ids.length > 0) lastTold = ids
  }

  const answerTo = (request: IncomingMessage, body: Buffer, response: ServerResponse): void => {
    const path = request.url ?? ''
    requests.push(path)
    const say = (status: number, content: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(content))
    }
    const instead = options.instead?.()
    if (instead !== undefined) {
      const [status, text, headers] = instead
      response.writeHead(status, { ...headers })
      response.end(text)
      return
    }
    if (request.method !== 'POST') flaws.push(`it is asked by ${request.method}`)
    const authorization = request.headers.authorization
    if (authorization === undefined) return say(401, { text: 'Token is required', code: 2 })
    if (!authorization.startsWith('Splunk '))
      return say(401, { text: 'Invalid authorization', code: 3 })
    if (authorization !== `Splunk ${token}`) return say(403, { text: 'Invalid token', code: 4 })
    const channel = request.headers['x-splunk-request-channel']?.toString()
    if (path.endsWith('/services/collector/ack')) {
      if (!acknowledges) return say(400, { text: 'ACK is disabled', code: 14 })
      if (channel === undefined) return say(400, { text: 'Data channel is missing', code: 10 })
      return answerAck(channel, body, response, say)
    }
    if (!path.endsWith('/services/collector/event'))
      return say(404, { text: 'Not found', code: 404 })
    if (acknowledges && channel === undefined)
      return say(400, { text: 'Data channel is missing', code: 10 })
    if (channel !== undefined && !GUID.test(channel))
      return say(400, { text: 'Invalid data channel', code: 11 })
    const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
    takeBatch(channel ?? '', text.toString('utf8'), response, say)
  }

  const takeBatch = (
    channel: string,
    text: string,
    response: ServerResponse,
    say: (status: number, content: object) => void,
  ): void => {
    if (text === '') return say(400, { text: 'No data', code: 5 })
    const deed = batch()
    if (deed === 'stall') return
    if (deed === 'reset') return breakConnection(response.socket)
    if (deed === 'busy') return say(503, { text: 'Server is busy', code: 9 })
    if (deed === 'fail') return say(500, { text: 'Internal server error', code: 8 })

    const ids: string[] = []
    const events: unknown[] = []
    const refuse = (code: number, saying: string): void => {
      indexed.push(...ids)
      say(400, { text: saying, code, 'invalid-event-number': ids.length })
    }
    for (const line of text.split('\n')) {
      const envelope = readEnvelope(line, flaws)
      if (envelope === undefined) return refuse(6, 'Invalid data format')
      if (options.indexes !== undefined && !options.indexes.includes(envelope.index ?? 'main'))
        return refuse(7, 'Incorrect index')
      const id = idOf(envelope.event)
      if (refuses(id)) return refuse(6, 'Invalid data format')
      if (told.has(id)) repeats.push(id)
      envelopes.push(envelope)
      ids.push(id)
      events.push(envelope.event)
    }
    const ackId = nextAck
    nextAck += 1
    if (deed !== 'lose') {
      indexed.push(...ids)
      events.forEach(event => options.onIndexed?.(event))
    }
    const acks = channels.get(channel) ?? new Map<number, readonly string[] | undefined>()
    channels.set(channel, acks.set(ackId, deed === 'lose' ? undefined : ids))

    if (deed === 'take and reset') return breakConnection(response.socket)
    const answer = JSON.stringify({ text: 'Success', code: 0, ...(acknowledges ? { ackId } : {}) })
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(answer),
    })
    if (deed === 'take and answer half') {
      response.write(answer.slice(0, 8), () => response.socket?.destroy())
      return
    }
    if (!acknowledges && deed !== 'lose') tell(ids)
    response.end(answer)
  }

  const answerAck = (
    channel: string,
    body: Buffer,
    response: ServerResponse,
    say: (status: number, content: object) => void,
  ): void => {
    const asked = JSON.parse(body.toString('utf8')) as { readonly acks?: readonly number[] }
    if (!Array.isArray(asked.acks) || asked.acks.some(id => !Number.isInteger(id)))
      return say(400, { text: 'Invalid data format', code: 6 })
    const kept = channels.get(channel)
    const deed = kept === undefined ? 'tell' : ack()
    if (deed === 'stall') return
    if (deed === 'busy') return say(503, { text: 'Server is busy', code: 9 })
    if (deed === 'reset') return breakConnection(response.socket)
    if (deed === 'no channel') return say(400, { text: 'Invalid data channel', code: 11 })
    const acks = Object.fromEntries(
      (asked.acks as readonly number[]).map(id => {
        const ids = deed === 'not yet' ? undefined : kept?.get(id)
        // What was told once is deleted.
        if (ids !== undefined) kept?.delete(id)
        if (deed === 'tell') tell(ids ?? [])
        return [String(id), ids !== undefined]
      }),
    )
    if (deed === 'forget') return breakConnection(response.socket)
    say(200, { acks })
  }

  const server = await startBodyServer(
    answerTo,
    options.tls === true ? authority.server : undefined,
  )
  return {
    url: server.origin,
    lastTold: () => lastTold,
    ...{ indexed, told, repeats, flaws, envelopes, requests },
    close: server.close,
  }
}

const readEnvelope = (line: string, flaws: string[]): Envelope | undefined => {
  let envelope: unknown
  try {
    envelope = JSON.parse(line)
  } catch {
    return undefined
  }
  if (typeof envelope !== 'object' || envelope === null) return undefined
  const { time, event, fields } = envelope as Partial<Envelope>
  const strange = Object.keys(envelope).filter(name => !MEMBERS.has(name))
  if (strange.length > 0) flaws.push(`an envelope has ${strange.join(', ')}`)
  // Splunk does not read the exponent's form, nor more digits than those of its own.
  if (typeof time !== 'number' || !/^\{"time":\d{1,10}\.\d{3},/.test(line))
    flaws.push(`the time is ${String(time)}`)
  if (typeof event !== 'object' || event === null) flaws.push('the event is no object')
  if (Object.values(fields ?? {}).some(value => typeof value !== 'string'))
    flaws.push('a field is no text')
  return envelope as Envelope
}
