/** Cisco XDR's token and Findings Intake API, as strict as their pages say. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Json } from './exported.ts'

export interface CiscoXdr {
  readonly url: string
  /** The events of the bundles that were taken, in their order. */
  readonly taken: Json[]
  /** What was wrong with requests. */
  readonly complaints: string[]
  /** The tokens that were given. */
  tokens: number
  /** Answers the next requests for findings with these, before it takes any. */
  readonly answers: { readonly status: number; readonly retryAfter?: string }[]
  /** How many bundles came so far, whatever they were answered. */
  asked: number
  /** Bundles are not answered before. */
  held: Promise<void>
}

const CLIENT = `Basic ${Buffer.from('client:secret').toString('base64')}`

/** Closed when the running test ends. */
export const ciscoXdrForTest = async (): Promise<CiscoXdr> => {
  const server = createServer((request, response) => {
    void answer(request).then(({ status, body = '', retryAfter }) => {
      response
        .writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter })
        .end(body)
    })
  })
  const answer = async (
    request: IncomingMessage,
  ): Promise<{ status: number; body?: string; retryAfter?: string }> => {
    const pieces: Buffer[] = []
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
    const text = Buffer.concat(pieces).toString()
    const { method, url, headers } = request
    if (method === 'POST' && url === '/token') {
      if (headers.authorization !== CLIENT || text !== 'grant_type=client_credentials')
        return { status: 400 }
      xdr.tokens += 1
      return {
        status: 200,
        body: JSON.stringify({ access_token: `t${xdr.tokens}`, expires_in: 600 }),
      }
    }
    if (method !== 'POST' || url !== '/api/v1/detection_findings') return { status: 404 }
    if (headers.authorization !== `Bearer t${xdr.tokens}`) return { status: 401 }
    xdr.asked += 1
    await xdr.held
    const next = xdr.answers.shift()
    if (next !== undefined) return next
    const problem = problemOf(text, headers['content-type'])
    if (problem !== undefined) {
      xdr.complaints.push(problem)
      return { status: 422 }
    }
    xdr.taken.push(...(JSON.parse(text) as { events: Json[] }).events)
    return { status: 201, body: '{"data":{}}' }
  }
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const xdr: CiscoXdr = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken: [],
    complaints: [],
    tokens: 0,
    answers: [],
    asked: 0,
    held: Promise.resolve(),
  }
  return xdr
}

const isMoment = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 946_684_800_000 && Number(value) <= 4_102_444_800_000

/** What is wrong with a bundle: a count, moments in milliseconds, and events of which one is a detection finding. */
const problemOf = (text: string, contentType: string | undefined): string | undefined => {
  if (contentType !== 'application/json') return `content-type ${contentType}`
  const { count, start_time, end_time, events, ...others } = JSON.parse(text) as Json
  if (Object.keys(others).length > 0) return `unknown members ${Object.keys(others).join()}`
  if (!Array.isArray(events) || events.length !== count) return 'count'
  if (!isMoment(start_time) || !isMoment(end_time) || start_time > end_time) return 'moments'
  const findings = (events as readonly Json[]).filter(event => event['class_uid'] === 2004)
  if (findings.length !== 1) return `${findings.length} detection findings`
  const { version } = findings[0]?.['metadata'] as { readonly version: string }
  return version === '1.4.0' ? undefined : `version ${version}`
}
