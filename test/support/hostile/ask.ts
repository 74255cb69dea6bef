/** Sends what a hostile caller sends, and says what is wrong with what comes back. */
import { text } from 'node:stream/consumers'
import WebSocket from 'ws'
import type { HostileDocument } from './random-document.ts'

/** Whether an answer is one that even a hostile caller should be given; a sentence where it is not. */
export type Verdict = string | undefined

type Asking = (url: string, asked: HostileDocument) => Promise<Verdict>

const graphql = (url: string): string => `${url}/graphql`

/** Posts a body as it is. */
export const postBody = async (
  url: string,
  body: string,
  accept = 'application/json',
): Promise<Verdict> => {
  const leave = new AbortController()
  const headers = { 'content-type': 'application/json', accept }
  const response = await fetch(graphql(url), {
    method: 'POST',
    headers,
    body,
    signal: leave.signal,
  })
  if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true)
    return flawOf(response.status, await response.text())
  // A subscription has no end: what it says first is enough.
  const timer = setTimeout(() => {
    leave.abort()
  }, 200)
  try {
    let text = ''
    for await (const part of response.body ?? []) text += Buffer.from(part as Uint8Array).toString()
    return text
      .split('\n\n')
      .flatMap(event => /^event: next\ndata: (.*)$/s.exec(event)?.[1] ?? [])
      .map(data => flawOf(response.status, data))
      .find(flaw => flaw !== undefined)
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

export const askByPost: Asking = (url, { kind: _kind, ...asked }) =>
  postBody(url, JSON.stringify(asked))

export const askByStream: Asking = (url, { kind: _kind, ...asked }) =>
  postBody(url, JSON.stringify(asked), 'text/event-stream')

/** What is too long for an address is posted. */
export const askByGet: Asking = async (url, asked) => {
  const { query, variables = {}, operationName } = asked
  const parameters = new URLSearchParams({
    query,
    variables: JSON.stringify(variables),
    ...(operationName === undefined ? {} : { operationName }),
  })
  if (parameters.toString().length > 14_000) return askByPost(url, asked)
  const headers = { 'apollo-require-preflight': 'true', accept: 'application/json' }
  const response = await fetch(`${graphql(url)}?${parameters.toString()}`, { headers })
  return flawOf(response.status, await response.text())
}

/** Over a socket of its own; one that is closed for what was sent is an answer, too. */
export const askBySocket: Asking = (url, { kind: _kind, ...payload }) =>
  new Promise(resolve => {
    const socket = new WebSocket(graphql(url).replace('http', 'ws'), 'graphql-transport-ws')
    const send = (message: object): void => {
      socket.send(JSON.stringify(message))
    }
    let verdict: Verdict
    const leave = (): void => {
      socket.close()
    }
    socket.on('open', () => {
      send({ type: 'connection_init' })
    })
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as {
        readonly type: string
        readonly payload?: unknown
      }
      if (message.type === 'connection_ack') {
        send({ type: 'subscribe', id: '1', payload })
        // A subscription has no end.
        if (payload.query.includes('subscription')) setTimeout(leave, 200)
      }
      if (message.type === 'next') verdict ??= flawOf(200, JSON.stringify(message.payload))
      if (message.type === 'error')
        verdict ??= flawOf(200, JSON.stringify({ errors: message.payload }))
      if (message.type === 'complete' || message.type === 'error') leave()
    })
    socket.on('unexpected-response', (_request, response) => {
      void text(response).then(said => {
        verdict ??= flawOf(response.statusCode ?? 0, said)
        socket.terminate()
      })
    })
    socket.on('error', () => undefined)
    socket.on('close', code => {
      resolve(
        verdict ??
          (code === 1011 || code === 4500 || code === 1006 ? `closed by ${code}` : undefined),
      )
    })
  })

/** A failure of the server, an error without a code or of ours, or a place in the code. */
const flawOf = (status: number, text: string): Verdict => {
  if (status >= 500) return `status ${status}: ${text.slice(0, 500)}`
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    return `no JSON: ${text.slice(0, 500)}`
  }
  const { errors = [] } = answer as { readonly errors?: readonly ToldError[] }
  const said = JSON.stringify(errors)
  if (/\\n +at .+:\d+|node_modules|file:\/\/\//.test(said)) return `a stack: ${said.slice(0, 500)}`
  for (const { message, extensions } of errors) {
    const code = extensions?.code
    if (typeof code !== 'string') return `no code: ${JSON.stringify(message).slice(0, 500)}`
    if (code === 'INTERNAL_SERVER_ERROR') return `a bug: ${text.slice(0, 500)}`
    if (typeof message !== 'string' || message.length > 2_001) return `a long message of ${code}`
  }
  return errors.length > 1_000 ? `${errors.length} errors` : undefined
}

interface ToldError {
  readonly message?: unknown
  readonly extensions?: { readonly code?: unknown }
}
