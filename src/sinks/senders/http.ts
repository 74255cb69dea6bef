/** A batch as the body of one HTTP request, signed as Push signs its webhooks. */
import { createHash } from 'node:crypto'
import type { Clock } from '../../model/clock.ts'
import type { HttpFormat, HttpSettings } from '../../model/sinks/receiver.ts'
import { sign } from '../../webhooks/signature.ts'
import { RefusedError, type Sender, type SinkItem } from '../sender.ts'
import { createAccessToken } from './access-token.ts'
import { bulkBody, bulkUrl, checkBulkReply } from './elasticsearch-bulk.ts'
import { createPoster, type HttpDeadlines, otherAnswer, type Reply } from './post.ts'

export interface HttpSenderOptions {
  readonly clock: Clock
  readonly deadlines?: HttpDeadlines
}

interface Shape {
  readonly contentType: string
  readonly body: (items: readonly SinkItem[]) => string
  /** The address, with what it has to ask for. */
  readonly url?: (url: string) => string
  /** Throws where an answer with 2xx says that not all were taken. */
  readonly check?: (reply: Reply) => void
}

const shapes: Readonly<Record<HttpFormat, Shape>> = {
  ndjson: {
    contentType: 'application/x-ndjson',
    body: items => items.map(({ line }) => `${line}\n`).join(''),
  },
  'json-array': {
    contentType: 'application/json',
    body: items => `[${items.map(({ line }) => line).join(',')}]`,
  },
  'elasticsearch-bulk': {
    contentType: 'application/x-ndjson',
    body: bulkBody,
    url: bulkUrl,
    check: checkBulkReply,
  },
}

/** By these a receiver says that it will never take such a body. */
const REFUSALS: ReadonlySet<number> = new Set([400, 413, 422])

export const createHttpSender = (
  settings: HttpSettings,
  { clock, deadlines }: HttpSenderOptions,
): Sender => {
  const { url, tls, gzip, secret } = settings
  const shape = shapes[settings.format ?? 'ndjson']
  const poster = createPoster({ url: shape.url?.(url) ?? url, tls, clock, deadlines })
  const { oauth } = settings
  const token = oauth === undefined ? undefined : createAccessToken(oauth, { clock, deadlines })

  return {
    send: async (items, signal) => {
      const body = Buffer.from(shape.body(items))
      const signature =
        secret === undefined ? {} : { 'x-signature': sign(secret, secondsOf(clock), body) }
      const authorization =
        token === undefined ? {} : { authorization: `Bearer ${await token.get(signal)}` }
      const reply = await poster.post(
        {
          headers: {
            'content-type': shape.contentType,
            'idempotency-key': keyOf(items),
            ...settings.headers,
            ...authorization,
            ...signature,
          },
          body,
          gzip,
        },
        signal,
      )
      if (reply.status >= 200 && reply.status < 300) {
        shape.check?.(reply)
        return
      }
      // The next attempt fetches another one.
      if (reply.status === 401) token?.forget()
      const statement = `${poster.origin} answered ${reply.status}`
      throw REFUSALS.has(reply.status) ? new RefusedError(statement) : otherAnswer(reply, statement)
    },
    close: async () => {
      await Promise.all([poster.close(), token?.close()])
    },
  }
}

const secondsOf = (clock: Clock): number => Math.floor(clock.now() / 1_000)

/** The same for the same items in the same order, and of no others. */
const keyOf = (items: readonly SinkItem[]): string => {
  const hash = createHash('sha256')
  for (const { id } of items) hash.update(JSON.stringify(id))
  return hash.digest('hex')
}
