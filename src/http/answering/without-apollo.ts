/**
 * The second answerer: operations that came through Apollo once, and of which nothing has to be read, are answered by
 * their compiled documents. What Apollo does for an operation (parsing, validation, hooks) comes to the same each time
 * that the document does, and takes longer than to answer from the store.
 */
import { LRUCache } from 'lru-cache'
import type { DirectAnswer, DirectQuestion } from '../../graphql/operation/direct.ts'
import { andThen, type Maybe, settled } from '../../model/maybe.ts'
import type { Answer, Exchange, GiveAnswer } from './answerer.ts'
import { sendable } from './raw-reply.ts'

/** Answers without Apollo, or not; only for what it knows, it opens the context, which a refused caller has none of. */
export type AnswerDirectly<Context> = (
  open: () => Maybe<Context | undefined>,
  asked: DirectQuestion,
) => Maybe<DirectAnswer | undefined>

export interface WithoutApolloOptions<Context> {
  readonly answer: AnswerDirectly<Context>
  /** Counts a query that was answered since that moment of `performance.now()`. */
  readonly count: (from: number) => void
}

/** `Accept` headers remembered: each kind of client has its own. */
const MAX_ACCEPTED = 100
const MAX_ACCEPT_LENGTH = 1_000

export const withoutApollo = <Context>(
  { answer, count }: WithoutApolloOptions<Context>,
  next: GiveAnswer<Context>,
): GiveAnswer<Context> => {
  // Which type an answer has depends on this header alone, and is Apollo's to say.
  const contentTypes = new LRUCache<string, string>({ max: MAX_ACCEPTED })

  const byApollo = (exchange: Exchange<Context>, accept: string): Maybe<Answer> =>
    andThen(next(exchange), given => {
      if (given.status === 200 && accept.length <= MAX_ACCEPT_LENGTH)
        contentTypes.set(accept, String(given.headers['content-type']))
      return given
    })

  const answerTo = (exchange: Exchange<Context>, body: unknown): Maybe<Answer> => {
    const { accept = '' } = exchange.request.headers
    const asked = exchange.text === undefined ? undefined : questionOf(body)
    const contentType = contentTypes.get(accept)
    if (asked === undefined || contentType === undefined) return byApollo(exchange, accept)
    // Who is refused is told so by Apollo.
    const open = () =>
      andThen(
        settled(() => exchange.context()),
        opened => ('value' in opened ? opened.value : undefined),
      )
    return andThen(answer(open, asked), made => {
      if (made === undefined) return byApollo(exchange, accept)
      const { body: text, operationName, documentHash, cacheControl = 'no-store' } = made
      Object.assign(exchange.notes, { type: 'query', operationName, documentHash })
      count(exchange.receivedAt)
      const headers = { 'content-type': contentType, 'cache-control': cacheControl }
      return { status: 200, headers, ...sendable(text) }
    })
  }

  return exchange => {
    const { accept = '' } = exchange.request.headers
    return andThen(exchange.admitted(), asked =>
      'failure' in asked ? byApollo(exchange, accept) : answerTo(exchange, asked.value),
    )
  }
}

/** What the request asks for; undefined where that is for Apollo to read, or to refuse. */
const questionOf = (body: unknown): DirectQuestion | undefined => {
  if (!isRecord(body)) return undefined
  const { query, operationName = null, variables = null, extensions = null } = body
  const isPlain =
    typeof query === 'string' &&
    (operationName === null || typeof operationName === 'string') &&
    (variables === null || isRecord(variables)) &&
    // Clients tell of themselves there.
    (extensions === null || isRecord(extensions))
  return isPlain ? { query, operationName, variables } : undefined
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
