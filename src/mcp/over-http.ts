/** Agents served over streamable HTTP: a server for each request, which remembers nothing of those before it. */
import { createMcpHandler } from '@modelcontextprotocol/server'
import type { McpCaller, ServeCaller } from './mcp.ts'

/** The answer to one request; `body` is what its JSON holds, undefined where it has none. */
export type AnswerOverHttp = (
  request: Request,
  body: unknown,
  caller: McpCaller,
) => Promise<Response>

/** Hears of what the protocol refuses. */
export const createAnswerOverHttp = (
  serve: ServeCaller,
  onRefused: (error: Error) => void,
): AnswerOverHttp => {
  const callers = new WeakMap<Request, McpCaller>()
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const caller = requestInfo && callers.get(requestInfo)
      if (caller === undefined) throw new Error('A request of nobody')
      return serve(caller)
    },
    // Nothing that is listed here changes while somebody listens: who wants to know lists it again.
    { maxSubscriptions: 0, onerror: onRefused },
  )
  return async (request, body, caller) => {
    callers.set(request, caller)
    return handler.fetch(request, body === undefined ? {} : { parsedBody: body })
  }
}
