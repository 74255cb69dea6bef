/** A strict receiver of batches over HTTP: it checks the signature, the key of each batch and every line, and fails as it is told to. */
import { createHmac } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { startBodyServer } from './body-server.ts'
import { breakConnection } from './break-connection.ts'
import { authority } from './certificates.ts'
import { idOf } from './items.ts'

export type HttpDeed =
  'take' | 'busy' | 'stall' | 'reset' | 'take and reset' | 'take and answer half'

export interface HttpReceiverOptions {
  readonly secret?: string
  readonly tls?: boolean
  readonly asksCertificate?: boolean
  readonly deed?: () => HttpDeed
  /** Hears of each item once it is taken. */
  readonly onTaken?: (item: unknown) => void
  /** Whether an item is one that it will never take: it refuses the whole batch. */
  readonly refuses?: (id: string) => boolean
  /** Answers instead of it; undefined where it does not. */
  readonly instead?: (
    body: Buffer,
  ) =>
    readonly [status: number, body: string, headers?: Readonly<Record<string, string>>] | undefined
}

export interface HttpReceiver {
  readonly url: string
  /** The ids that it has, in order, as often as it has them. */
  readonly taken: readonly string[]
  /** The ids of batches that it answered with 200. */
  readonly told: ReadonlySet<string>
  /** Those of the last of them. */
  readonly lastTold: () => readonly string[]
  /** The ids that came again after that. */
  readonly repeats: readonly string[]
  readonly flaws: readonly string[]
  readonly bodies: readonly string[]
  readonly headers: readonly IncomingMessage['headers'][]
  close(): Promise<void>
}

export const startHttpReceiver = async (
  options: HttpReceiverOptions = {},
): Promise<HttpReceiver> => {
  const { secret, deed = () => 'take', refuses = () => false } = options
  const taken: string[] = []
  const told = new Set<string>()
  let lastTold: readonly string[] = []
  const repeats: string[] = []
  const flaws: string[] = []
  const bodies: string[] = []
  const headers: IncomingMessage['headers'][] = []
  /** By key of idempotency, the batch that came with it. */
  const batches = new Map<string, string>()

  const answerTo = (request: IncomingMessage, packed: Buffer, response: ServerResponse): void => {
    headers.push(request.headers)
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(packed) : packed
    bodies.push(body.toString('utf8'))
    const instead = options.instead?.(body)
    if (instead !== undefined) {
      const [status, text, more] = instead
      response.writeHead(status, more)
      response.end(text)
      return
    }
    if (request.method !== 'POST') flaws.push(`it is asked by ${request.method}`)
    if (secret !== undefined && !isSigned(secret, request.headers['x-signature'], body))
      flaws.push('the signature does not fit the body')

    const items = readItems(body.toString('utf8'), request.headers['content-type'], flaws)
    const ids = items.map(idOf)
    repeats.push(...ids.filter(id => told.has(id)))
    const key = request.headers['idempotency-key']?.toString() ?? ''
    const batch = ids.join()
    if (!/^[0-9a-f]{64}$/.test(key)) flaws.push('the key of the batch is missing')
    if (batches.has(key) && batches.get(key) !== batch) flaws.push('two batches have the same key')
    if ([...batches].some(([other, same]) => same === batch && other !== key))
      flaws.push('the same batch has two keys')
    batches.set(key, batch)

    const doing = deed()
    if (doing === 'stall') return
    if (doing === 'reset') return breakConnection(response.socket)
    if (doing === 'busy') {
      response.writeHead(503, { 'retry-after': '7' })
      response.end('busy')
      return
    }
    if (ids.some(refuses)) {
      response.writeHead(422)
      response.end('a row that must not be quoted')
      return
    }
    taken.push(...ids)
    items.forEach(item => options.onTaken?.(item))
    if (doing === 'take and reset') return breakConnection(response.socket)
    response.writeHead(200, { 'content-length': 8 })
    if (doing === 'take and answer half') {
      response.write('half', () => response.socket?.destroy())
      return
    }
    for (const id of ids) told.add(id)
    lastTold = ids
    response.end('accepted')
  }

  const server = await startBodyServer(
    answerTo,
    options.tls === true
      ? {
          ...authority.server,
          ca: authority.ca,
          requestCert: options.asksCertificate === true,
          rejectUnauthorized: options.asksCertificate === true,
        }
      : undefined,
  )
  return {
    url: `${server.origin}/in?source=push`,
    lastTold: () => lastTold,
    ...{ taken, told, repeats, flaws, bodies, headers },
    close: server.close,
  }
}

const isSigned = (secret: string, header: string | string[] | undefined, body: Buffer): boolean => {
  const [, seconds = '', hex = ''] = /^t=(\d+),v1=([0-9A-F]{64})$/.exec(String(header)) ?? []
  const expected = createHmac('sha256', secret)
    .update(Buffer.concat([Buffer.from(`${seconds}.`), body]))
    .digest('hex')
  return hex.toLowerCase() === expected
}

const readItems = (body: string, type: string | undefined, flaws: string[]): readonly unknown[] => {
  if (type === 'application/json') return JSON.parse(body) as readonly unknown[]
  if (type !== 'application/x-ndjson') flaws.push(`the body is ${type}`)
  if (!body.endsWith('\n')) flaws.push('the last line has no end')
  return body
    .slice(0, -1)
    .split('\n')
    .map(line => JSON.parse(line) as unknown)
}
