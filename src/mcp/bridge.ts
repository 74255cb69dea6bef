/** A running server for programs that speak over standard input and output alone: each message is handed on, and each answer. */
import {
  isJSONRPCErrorResponse,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type JSONRPCRequest,
  type RequestId,
  SdkHttpError,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client'
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { endOf, type StandardStreams } from './over-streams.ts'

export interface BridgedServer {
  /** Its `/mcp`. */
  readonly url: URL
  /** What it is shown; undefined where nothing is. */
  readonly token: string | undefined
}

/** Hands on until the input ends or `ended` resolves. What cannot be handed on is answered with an error that says why. */
export const bridgeToServer = async (
  { url, token }: BridgedServer,
  { input, output }: StandardStreams,
  ended: Promise<unknown>,
): Promise<void> => {
  const near = new StdioServerTransport(input, output)
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const far = new StreamableHTTPClientTransport(url, { requestInit: { headers } })
  const calls = new Map<RequestId, AbortController>()
  let handshake: RequestId | undefined

  const answer = (message: JSONRPCMessage): void => {
    if (isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) {
      const { id } = message
      if (id !== undefined) calls.delete(id)
      if (id === handshake && isJSONRPCResultResponse(message))
        far.setProtocolVersion(versionIn(message.result))
    }
    // Who started this process may have left.
    near.send(message).catch(() => undefined)
  }

  const fail = (id: RequestId, message: string): void => {
    if (calls.has(id)) answer({ jsonrpc: '2.0', id, error: { code: INTERNAL_ERROR, message } })
  }

  const call = (request: JSONRPCRequest): void => {
    const { id, method } = request
    if (method === 'initialize') handshake = id
    const controller = new AbortController()
    calls.set(id, controller)
    const requestSignal = controller.signal
    const onRequestStreamEnd = (): void => fail(id, 'The server broke the answer off')
    far
      .send(request, { requestSignal, onRequestStreamEnd })
      .catch((error: unknown) => fail(id, reasonOf(error, url)))
  }

  near.onmessage = message => {
    if (isJSONRPCRequest(message)) {
      call(message)
      return
    }
    const cancelled = cancelledBy(message)
    // Over HTTP, to close the answer is to cancel the call.
    if (cancelled === undefined) far.send(message).catch(() => undefined)
    else {
      calls.get(cancelled)?.abort()
      calls.delete(cancelled)
    }
  }
  far.onmessage = answer

  await far.start()
  await near.start()
  await Promise.race([endOf(input), ended])
  for (const controller of calls.values()) controller.abort()
  await far.close()
  await near.close()
}

const INTERNAL_ERROR = -32_603

const versionIn = (result: unknown): string =>
  String((result as { readonly protocolVersion?: unknown }).protocolVersion)

const cancelledBy = (message: JSONRPCMessage): RequestId | undefined => {
  if (!('method' in message) || message.method !== 'notifications/cancelled') return undefined
  const { requestId } = (message.params ?? {}) as { readonly requestId?: RequestId }
  return requestId
}

/** In our words: those of the library hold what the server sent. */
const reasonOf = (error: unknown, { origin }: URL): string => {
  const status = error instanceof SdkHttpError ? error.status : undefined
  if (status === 401 || error instanceof UnauthorizedError)
    return `${origin} asks for a valid token: set PUSHGRAPH_TOKEN, or name a file by --token-file`
  // It is a TypeError where there is no connection; whatever else there is comes of the answer.
  const isAnswered = status === undefined && !(error instanceof TypeError)
  if (status === 404 || isAnswered)
    return `${origin} serves no agents: it is no Pushgraph, or has PUSHGRAPH_MCP=off`
  if (status !== undefined) return `${origin} refused the message (status ${status})`
  return `${origin} cannot be reached. Is Pushgraph running there?`
}
