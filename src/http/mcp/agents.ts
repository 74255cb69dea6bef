/** Agents, over HTTP and over the standard streams of this process: the same tools, asked in the same way. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { McpCaller, McpOptions, ServeCaller } from '../../mcp/mcp.ts'
import type { AnswerOverHttp } from '../../mcp/over-http.ts'
import type { StandardStreams } from '../../mcp/over-streams.ts'
import type { Tool } from '../../mcp/tools/tool.ts'
import type { Rights } from '../../model/rights.ts'
import type { Tracing } from '../../model/tracing.ts'
import { withLazyChildren } from '../logging/lazy-log.ts'
import type { AppLog } from '../logging/log.ts'
import { type AskingOptions, createAsking } from './asking.ts'
import { createListening, type AgentListeningOptions } from './listening.ts'
import { type McpEndpointOptions, serveMcp } from './mcp-endpoint.ts'

/** What agents are served beside tools. */
export type AgentOptions = Pick<McpOptions, 'resources' | 'version'> & Pick<AskingOptions, 'clock'>

/** What the endpoint around them has. */
export interface AgentSurroundings
  extends
    Omit<AskingOptions, 'clock' | 'admission'>,
    Pick<McpEndpointOptions, 'bodies' | 'connections' | 'reach' | 'signalOf'>,
    Pick<AgentListeningOptions, 'follow'> {
  readonly admission: AskingOptions['admission'] & AgentListeningOptions['admission']
  readonly rightsOf: (request: IncomingMessage) => Rights | undefined
  readonly tracing: Tracing | undefined
  readonly log: AppLog
}

export interface Agents {
  /** Serves the one that started this process, until its input ends or `ended` resolves. */
  serveStreams(streams: StandardStreams, ended: Promise<unknown>): Promise<void>
  /** From now on these are their tools, which those who listen are told. */
  replace(tools: readonly Tool[] | undefined): void
  /** Ends whoever listens. */
  close(): void
}

/** As limits and logs know the one that started this process. */
const BY_STREAMS = 'stdio'

export const serveAgents = (
  app: FastifyInstance,
  first: readonly Tool[] | undefined,
  { resources, version, clock }: AgentOptions,
  {
    admission,
    rightsOf,
    tracing,
    log,
    bodies,
    connections,
    reach,
    signalOf,
    follow,
    ...asked
  }: AgentSurroundings,
): Agents => {
  let tools = first ?? []
  const lazyLog = withLazyChildren(log)
  const asking = createAsking({ ...asked, admission, clock })

  /** What speaks the protocol takes a while to load, and most servers are never asked. */
  const loadServe = async (): Promise<ServeCaller> => {
    const { serveCallers } = await import('../../mcp/mcp.ts')
    const onBug = (error: unknown): void => {
      log.error({ err: error }, 'a tool failed')
    }
    return serveCallers({ tools: () => tools, resources, version, onBug })
  }

  const loadOverHttp = async (): Promise<AnswerOverHttp> => {
    const { createAnswerOverHttp } = await import('../../mcp/over-http.ts')
    return createAnswerOverHttp(await loadServe(), error => {
      log.debug({ err: error }, 'a message of an agent was refused')
    })
  }

  const listening = createListening({ admission, connections, follow })
  let overHttp: Promise<AnswerOverHttp> | undefined

  serveMcp(app, {
    listening,
    ...{ bodies, connections, reach, signalOf },
    load: () => (overHttp ??= loadOverHttp()),
    callerOf: ({ raw }) => admission.callerOf(raw),
    rightsOf: ({ raw }) => rightsOf(raw),
    askAs: ({ raw, id, headers, log: own }, signal) =>
      asking({
        ...{ requestId: id, signal, log: own },
        caller: admission.callerOf(raw),
        isCounted: true,
        rights: rightsOf(raw),
        trace: tracing && (requestId => tracing.operation(requestId, headers)),
      }),
  })

  return {
    close: listening.close,
    serveStreams: async (streams, ended) => {
      const { serveOverStreams } = await import('../../mcp/over-streams.ts')
      const left = new AbortController()
      const caller: McpCaller = {
        ask: asking({
          ...{ requestId: randomUUID(), signal: left.signal, log: lazyLog },
          caller: BY_STREAMS,
          isCounted: false,
          rights: undefined,
          trace: tracing && (requestId => tracing.operation(requestId, {})),
        }),
      }
      try {
        await serveOverStreams(await loadServe(), caller, streams, ended)
      } finally {
        left.abort()
      }
    },
    replace: next => {
      tools = next ?? []
      void overHttp?.then(({ toolsChanged }) => toolsChanged())
    },
  }
}
