/**
 * Splunk's HTTP Event Collector. Where it acknowledges, a batch counts as taken once Splunk has said that it is indexed.
 *
 * @see https://help.splunk.com/splunk-enterprise/get-data-in/collect-http-event-data/about-http-event-collector-indexer-acknowledgment
 */
import { randomUUID } from 'node:crypto'
import { type Clock, pause } from '../../model/clock.ts'
import type { SplunkHecSettings } from '../../model/sinks/receiver.ts'
import { NotNowError, RefusedError, type Sender, type SinkItem, SetupError } from '../sender.ts'
import { createPoster, type HttpDeadlines, otherAnswer, type Reply } from './post.ts'
import { readJson } from './read-json.ts'
import { isMembers } from '../../model/events.ts'

/** How long, in milliseconds, an acknowledgement is waited for. */
export interface AcknowledgementDeadlines {
  /** The first time. Each time that it did not suffice it is doubled: a Splunk that is slow shall not get all once more. */
  readonly firstMs: number
  /** At most: within the five minutes that a batch has. */
  readonly mostMs: number
}

export interface SplunkSenderOptions {
  readonly clock: Clock
  readonly deadlines?: HttpDeadlines
  readonly acknowledging?: AcknowledgementDeadlines
}

const usualAcknowledging: AcknowledgementDeadlines = { firstMs: 60_000, mostMs: 240_000 }

/** Between two questions for an acknowledgement: at first, by how much each is longer, and at most. */
const FIRST_POLL_MS = 50
const POLL_GROWTH = 1.5
const LONGEST_POLL_MS = 5_000

export const createSplunkSender = (
  settings: SplunkHecSettings,
  { clock, deadlines, acknowledging = usualAcknowledging }: SplunkSenderOptions,
): Sender => {
  const { url, tls, token } = settings
  const poster = createPoster({ url, tls, clock, deadlines })
  const headers = {
    authorization: `Splunk ${token}`,
    'content-type': 'application/json',
    // Splunk counts its acknowledgements by channel; one that is ours alone cannot be mistaken for another's.
    'x-splunk-request-channel': randomUUID(),
  }
  let acknowledges = false
  let patienceMs = acknowledging.firstMs

  const post = async (
    path: 'event' | 'ack',
    text: string,
    signal: AbortSignal,
  ): Promise<Answer> => {
    // A question for acknowledgements is no larger than its headers.
    const gzip = path === 'event' && settings.gzip
    const body = Buffer.from(text)
    return readAnswer(await poster.post({ path: `${BASE}/${path}`, headers, body, gzip }, signal))
  }

  /** Before anything is sent: what is sent to a token that does not acknowledge would be sent again and again. */
  const ensureAcknowledging = async (signal: AbortSignal): Promise<void> => {
    if (acknowledges) return
    const answer = await post('ack', '{"acks":[0]}', signal)
    // Of a channel on which nothing was sent yet, some say that it is none.
    if (!answer.ok && answer.code !== NO_CHANNEL && answer.code !== WRONG_CHANNEL)
      throw failureOf(answer)
    acknowledges = true
  }

  const acknowledged = async (ackId: number, signal: AbortSignal): Promise<void> => {
    const until = clock.now() + patienceMs
    let waitMs = FIRST_POLL_MS
    while (clock.now() < until) {
      await pause(waitMs, clock, signal)
      waitMs = Math.min(LONGEST_POLL_MS, waitMs * POLL_GROWTH)
      if (await isIndexed(ackId, signal)) {
        patienceMs = acknowledging.firstMs
        return
      }
    }
    const waitedMs = patienceMs
    patienceMs = Math.min(acknowledging.mostMs, patienceMs * 2)
    throw new NotNowError(
      `Splunk did not acknowledge within ${waitedMs} ms what it had taken in; it is sent again`,
    )
  }

  const isIndexed = async (ackId: number, signal: AbortSignal): Promise<boolean> => {
    let answer: Answer
    try {
      answer = await post('ack', JSON.stringify({ acks: [ackId] }), signal)
    } catch (error) {
      // One question without an answer says nothing of what was asked about.
      if (error instanceof NotNowError) return false
      throw error
    }
    if (answer.ok) return answer.acks[String(ackId)] === true
    const failure = failureOf(answer)
    if (failure instanceof NotNowError) return false
    // It is the question that is refused here, not the items.
    throw failure instanceof RefusedError ? new SetupError(failure.message) : failure
  }

  return {
    send: async (items, signal) => {
      if (settings.acknowledgement) await ensureAcknowledging(signal)
      const body = items.map(item => toEnvelope(item, settings)).join('\n')
      const answer = await post('event', body, signal)
      if (!answer.ok) throw failureOf(answer)
      if (!settings.acknowledgement) return
      if (answer.ackId === undefined)
        throw new SetupError(
          'Splunk took the events in, but promises no acknowledgement: turn on indexer acknowledgement for the token, or set acknowledgement: false',
        )
      await acknowledged(answer.ackId, signal)
    },
    close: poster.close,
  }
}

const BASE = '/services/collector'

/** The event as HEC wants it; its time is in seconds, with milliseconds, and never in the exponent's form, which HEC refuses. */
const toEnvelope = (item: SinkItem, settings: SplunkHecSettings): string => {
  const { host, source, sourcetype, index } = settings
  const about = JSON.stringify({
    host,
    source,
    sourcetype,
    index,
    fields: { uid: item.id, connector: item.connector, class: item.className },
  })
  return `{"time":${(item.time / 1_000).toFixed(3)},"event":${item.line},${about.slice(1)}`
}

interface Answer {
  readonly reply: Reply
  readonly ok: boolean
  /** HEC's own code; undefined where something else answered, such as a proxy. */
  readonly code: number | undefined
  readonly ackId: number | undefined
  readonly acks: Readonly<Record<string, unknown>>
}

const readAnswer = (reply: Reply): Answer => {
  const read = readJson(reply.body)
  const { code, ackId, acks } = isMembers(read) ? read : {}
  const known = typeof code === 'number' ? code : undefined
  return {
    reply,
    // The question for acknowledgements is answered without a code.
    ok: reply.status === 200 && (known === 0 || isMembers(acks)),
    code: known,
    ackId: typeof ackId === 'number' ? ackId : undefined,
    acks: isMembers(acks) ? acks : {},
  }
}

const NO_CHANNEL = 10
const WRONG_CHANNEL = 11

/** The codes by which HEC says that an event itself is wrong. */
const OF_EVENTS: ReadonlySet<number | undefined> = new Set([5, 6, 12, 13, 15])

/** What can be done about the codes that speak of the set-up. */
const hints: Readonly<Record<number, string>> = {
  1: 'the token is disabled',
  2: 'the token is missing',
  3: 'the token cannot be read',
  4: 'the token is not one of its',
  7: 'the index is not one that the token may write to',
  [NO_CHANNEL]: 'the channel is missing; a proxy may take the header X-Splunk-Request-Channel away',
  [WRONG_CHANNEL]: 'it does not know the channel any more',
  14: 'the token does not acknowledge: turn on indexer acknowledgement for it, or set acknowledgement: false',
}

const failureOf = ({ reply, code }: Answer): Error => {
  const hint = code === undefined ? undefined : hints[code]
  const statement = `Splunk answered ${reply.status}${code === undefined ? '' : ` with code ${code}`}${hint === undefined ? '' : `: ${hint}`}`
  const isRefusal = (reply.status === 400 && OF_EVENTS.has(code)) || reply.status === 413
  return isRefusal ? new RefusedError(statement) : otherAnswer(reply, statement)
}
