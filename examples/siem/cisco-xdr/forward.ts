/**
 * Takes events of OCSF 1.3.0 from a sink of Pushgraph's, and hands each detection to Cisco XDR as a bundle of OCSF 1.4.0, as
 * its Findings Intake API takes it. Pushgraph is answered once Cisco has accepted them all; else it keeps them, and sends
 * them again: those that were accepted are not handed on a second time.
 *
 *     FORWARD_TOKEN=... CISCO_CLIENT_ID=... CISCO_CLIENT_SECRET=... node forward.ts
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

export interface ForwardSettings {
  /** What Pushgraph must show, as `Authorization: Bearer ...`. */
  readonly token: string
  readonly clientId: string
  readonly clientSecret: string
  /** Where the client's token is had; it is another one in each region. */
  readonly tokenUrl: string
  /** The Findings Intake API, without a path. */
  readonly findingsUrl: string
}

/** An event, as far as it is looked at. */
interface OcsfEvent {
  readonly class_uid: number
  readonly time: number
  readonly metadata: object
}

const DETECTION_FINDING = 2004
const MOST_BYTES = 4_000_000
const DEADLINE_MS = 20_000
/** So many bundles that were accepted are remembered: far more than a batch has. */
const REMEMBERED = 10_000
/** A token is renewed so long before it expires. */
const MARGIN_MS = 60_000

/** The server; it listens nowhere yet. */
export const createForwarder = (settings: ForwardSettings): Server => {
  const send = createSender(settings)
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const events = isKnown(request, settings.token) ? await readEvents(request) : 401
    const outcome =
      typeof events === 'number'
        ? { status: events }
        : await send(events.filter(event => event.class_uid === DETECTION_FINDING))
    const { status, retryAfter } = { retryAfter: undefined, ...outcome }
    if (status >= 300) console.error(`answered ${status}`)
    response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end()
  }
  return createServer((request, response) => {
    answer(request, response).catch(() => {
      response.writeHead(503).end()
    })
  })
}

const isKnown = ({ headers }: IncomingMessage, token: string): boolean => {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`))
}

/** The events of the body, or the status that says why there are none. */
const readEvents = async (request: IncomingMessage): Promise<readonly OcsfEvent[] | number> => {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > MOST_BYTES) return 413
    pieces.push(piece)
  }
  try {
    const events: unknown = JSON.parse(Buffer.concat(pieces).toString())
    return Array.isArray(events) ? (events as readonly OcsfEvent[]) : 400
  } catch {
    return 400
  }
}

interface Outcome {
  readonly status: number
  readonly retryAfter?: string | undefined
}

const createSender = (settings: ForwardSettings) => {
  const tokens = createTokens(settings)
  const accepted = createMemory()
  const post = async (bundle: string): Promise<Response> =>
    fetch(`${settings.findingsUrl}/api/v1/detection_findings`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await tokens.current()}`,
      },
      body: bundle,
      signal: AbortSignal.timeout(DEADLINE_MS),
    })
  const sendAll = async (events: readonly OcsfEvent[]): Promise<Outcome> => {
    for (const event of events) {
      const bundle = JSON.stringify(bundleOf(event))
      if (accepted.has(bundle)) continue
      let response = await post(bundle)
      if (response.status === 401) {
        tokens.forget()
        response = await post(bundle)
      }
      await response.body?.cancel()
      if (response.ok) {
        accepted.add(bundle)
        continue
      }
      console.error(`Cisco XDR answered ${response.status}`)
      // What is wrong with the event stays wrong: Pushgraph sets it aside. All else may be right later.
      if ([400, 413, 422].includes(response.status)) return { status: 422 }
      return { status: 503, retryAfter: response.headers.get('retry-after') ?? undefined }
    }
    return { status: 200 }
  }
  // Pushgraph waits a minute, then it sends the batch again, while the first is on its way still: one after the other.
  let before: Promise<unknown> = Promise.resolve()
  return async (events: readonly OcsfEvent[]): Promise<Outcome> => {
    const turn = before.then(async () => sendAll(events))
    before = turn.catch(() => undefined)
    return turn
  }
}

/** Of the latest bundles, whether they were added. */
const createMemory = () => {
  const digests = new Set<string>()
  const digestOf = (bundle: string): string => createHash('sha256').update(bundle).digest('base64')
  return {
    has: (bundle: string): boolean => digests.has(digestOf(bundle)),
    add: (bundle: string): void => {
      digests.add(digestOf(bundle))
      const [oldest = ''] = digests
      if (digests.size > REMEMBERED) digests.delete(oldest)
    },
  }
}

/** An event that is valid in 1.3.0 is valid in 1.4.0. */
const bundleOf = (event: OcsfEvent): object => ({
  count: 1,
  start_time: event.time,
  end_time: event.time,
  events: [{ ...event, metadata: { ...event.metadata, version: '1.4.0' } }],
})

const createTokens = ({ clientId, clientSecret, tokenUrl }: ForwardSettings) => {
  let known: { readonly token: string; readonly until: number } | undefined
  return {
    /** @throws {Error} where there is none to be had */
    current: async (): Promise<string> => {
      if (known !== undefined && Date.now() < known.until) return known.token
      const response = await fetch(tokenUrl, {
        method: 'POST',
        headers: {
          accept: 'application/json',
          authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
        },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
        signal: AbortSignal.timeout(DEADLINE_MS),
      })
      if (!response.ok) {
        console.error(`Cisco XDR gave no token: ${response.status}`)
        throw new Error('no token')
      }
      const { access_token: token, expires_in: seconds } = (await response.json()) as {
        access_token: string
        expires_in: number
      }
      known = { token, until: Date.now() + seconds * 1000 - MARGIN_MS }
      return token
    },
    forget: (): void => {
      known = undefined
    },
  }
}

if (import.meta.main) {
  const said = (name: string, usual?: string): string => {
    const value = process.env[name] ?? usual ?? ''
    if (value === '') throw new Error(`${name} is missing`)
    return value
  }
  createForwarder({
    token: said('FORWARD_TOKEN'),
    clientId: said('CISCO_CLIENT_ID'),
    clientSecret: said('CISCO_CLIENT_SECRET'),
    tokenUrl: said('CISCO_TOKEN_URL', 'https://visibility.amp.cisco.com/iroh/oauth2/token'),
    findingsUrl: said('CISCO_FINDINGS_URL', 'https://findings.us.security.cisco.com'),
  }).listen(Number(said('PORT', '8689')), '127.0.0.1')
}
