/** Agents that listen for what changes in what is listed: for as long as they have the rights they began with, and stay. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Admission } from '../admission/admission.ts'
import type { Connections } from '../admission/connections.ts'
import type { OpenStreams } from '../callers/open-streams.ts'
import { identityOf } from '../callers/identity.ts'

export interface AgentListening {
  /** Ends with the caller's rights, or when the server stops. @throws {CallerLimitError} where its caller has too many */
  begin(request: FastifyRequest, reply: FastifyReply): AbortSignal
  close(): void
}

export interface AgentListeningOptions {
  readonly admission: Pick<Admission, 'callerOf' | 'subscribe'>
  readonly connections: Pick<Connections, 'whenLeft'>
  /** Undefined where nobody is asked who it is. */
  readonly follow: OpenStreams['follow'] | undefined
}

/** Whether that message asks to listen. */
export const isListening = (message: unknown): boolean =>
  typeof message === 'object' &&
  message !== null &&
  'method' in message &&
  message.method === 'subscriptions/listen'

export const createListening = ({
  admission,
  connections,
  follow,
}: AgentListeningOptions): AgentListening => {
  const open = new Set<AbortController>()

  return {
    begin: ({ raw }, reply) => {
      const place = admission.subscribe(admission.callerOf(raw), 1)
      const controller = new AbortController()
      const identity = identityOf(raw)
      const unfollow = identity && follow?.(identity, () => controller.abort())
      open.add(controller)
      connections.whenLeft(reply.raw, {
        leave: () => {
          open.delete(controller)
          unfollow?.()
          place.leave()
        },
      })
      return controller.signal
    },
    close: () => {
      for (const controller of open) controller.abort()
    },
  }
}
