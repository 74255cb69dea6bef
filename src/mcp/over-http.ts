/** Agents served over streamable HTTP: a server for each request, which remembers nothing of those before it. */
import { createMcpHandler } from '@modelcontextprotocol/server'
import type { McpCaller, ServeCaller } from './mcp.ts'

export interface AnswerOverHttp {
  /** The answer to one request; `body` is what its JSON holds, undefined where it has none. */
  answer(request: Request, body: unknown, caller: McpCaller): Promise<Response>
  /** Tells those who listen that other tools are listed from now on. */
  toolsChanged(): void
}

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
    // How many may listen is counted at the door.
    { maxSubscriptions: Infinity, onerror: onRefused },
  )
  return {
    answer: async (request, body, caller) => {
      callers.set(request, caller)
      return handler.fetch(request, body === undefined ? {} : { parsedBody: body })
    },
    toolsChanged: () => handler.notify.toolsChanged(),
  }
}
