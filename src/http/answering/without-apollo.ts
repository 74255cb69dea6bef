/** Operations answered without Apollo: which requests ask for one, and how their answers go out. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { DirectAnswer, DirectQuestion } from '../../graphql/operation/direct.ts'
import { andThen, type Maybe, settled } from '../../model/maybe.ts'
import type { Contexts } from '../apollo/contexts.ts'
import type { Repeats } from '../repeats.ts'
import { sendable, type SendStraight } from './raw-reply.ts'

export interface DirectAnswers {
  /** Sends the answer; false where Apollo is to answer. */
  answer(request: FastifyRequest, reply: FastifyReply): Maybe<boolean>
  /** Apollo has answered a request such as this one with that type. */
  learn(request: FastifyRequest, contentType: string): void
}

/** Answers without Apollo, or not; only for what it knows, it opens the context, which a refused caller has none of. */
export type AnswerDirectly<Context> = (
  open: () => Maybe<Context | undefined>,
  asked: DirectQuestion,
) => Maybe<DirectAnswer | undefined>

export interface DirectAnswersOptions<Context> {
  readonly contextOf: Contexts<Context>['of']
  readonly answer: AnswerDirectly<Context>
  readonly repeats: Repeats | undefined
  readonly send: SendStraight
}

/** `Accept` headers remembered: each kind of client has its own. */
const MAX_ACCEPTED = 100
const MAX_ACCEPT_LENGTH = 1_000

export const createDirectAnswers = <Context extends object>({
  contextOf,
  answer,
  repeats,
  send,
}: DirectAnswersOptions<Context>): DirectAnswers => {
  // Which type an answer has depends on this header alone, and is Apollo's to say.
  const contentTypes = new LRUCache<string, string>({ max: MAX_ACCEPTED })

  return {
    answer: (request, reply) => {
      const from = performance.now()
      const asked = askedBy(request)
      const contentType = contentTypes.get(request.headers.accept ?? '')
      if (asked === undefined || contentType === undefined) return false
      // Who is refused is told so on the long way.
      const open = () =>
        andThen(
          settled(() => contextOf(request, reply)),
          opened => ('value' in opened ? opened.value : undefined),
        )
      return andThen(answer(open, asked), made => {
        if (made === undefined) return false
        const { body, operationName, cacheControl = 'no-store' } = made
        if (request.notes !== undefined) request.notes.operationName = operationName
        send(request, reply, { ...sendable(body), contentType, cacheControl }, from)
        repeats?.keep(request, { body, contentType, cacheControl })
        return true
      })
    },

    learn: ({ headers: { accept = '' } }, contentType) => {
      if (accept.length <= MAX_ACCEPT_LENGTH) contentTypes.set(accept, contentType)
    },
  }
}

/** What the request asks for; undefined where that is for Apollo to read, or to refuse. */
const askedBy = ({ method, body }: FastifyRequest): DirectQuestion | undefined => {
  if (method !== 'POST' || !isRecord(body)) return undefined
  const { query, operationName = null, variables = null, extensions = null } = body
  const isPlain =
    typeof query === 'string' &&
    (operationName === null || typeof operationName === 'string') &&
    (variables === null || isRecord(variables)) &&
    // Clients tell of themselves there; what a hash stands for is Apollo's to know.
    (extensions === null || (isRecord(extensions) && !('persistedQuery' in extensions)))
  return isPlain ? { query, operationName, variables } : undefined
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
