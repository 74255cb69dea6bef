/** Answers as server-sent events, written as fast as their reader takes them. */
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { GraphQLError } from 'graphql'
import { type ExecutionResult } from 'graphql'
import { CallerLimitError } from '../../errors.ts'
import { refusal } from '../refusals/format-error.ts'
import { answerJson } from '../../graphql/operation/answer-text.ts'
import { joined, type Text } from '../../graphql/compiled/text.ts'
import { toRefusal } from '../refusals/refuse.ts'
import type { Admission } from '../admission/admission.ts'
import type { Caller } from '../admission/caller.ts'
import { identityOf } from '../callers/identity.ts'
import type { OpenStreams } from '../callers/open-streams.ts'
import { UNAUTHENTICATED } from '../callers/recognition.ts'
import type { AppLog } from '../logging/log.ts'
import { LARGE_BYTES } from '../answering/with-places.ts'
import { type Answers, isStream, type Streams } from './streams.ts'

/** How often a line without meaning keeps proxies from taking the stream for dead. */
const KEEP_ALIVE_MS = 12_000

/** Whom answers are written for. */
interface Reader {
  readonly caller: Caller
  readonly log: Pick<AppLog, 'error'>
}

/** Writes answers into responses; closed, it breaks the subscriptions among them, and those that begin later. */
export const createWriter = (
  streams: Pick<Streams, 'format'>,
  { unread }: Pick<Admission, 'unread'>,
  follow: OpenStreams['follow'] | undefined,
) => {
  const open = new Set<ServerResponse>()
  let isClosed = false

  const send = async (
    answers: Answers,
    response: ServerResponse,
    { caller, log }: Reader,
  ): Promise<void> => {
    let isBrokenOff = false
    const write = async (text: Text): Promise<void> => {
      if (isBrokenOff) return
      const refused = text.length < LARGE_BYTES ? undefined : unread.refusal(caller, text.length)
      if (refused !== undefined) throw refused
      if (writeTo(response, text)) return
      // A reader that takes nothing holds the next answer back.
      const bytes = response.writableLength
      unread.add(caller, bytes)
      try {
        await once(response, 'drain', { signal: gone.signal })
      } finally {
        unread.give(caller, bytes)
      }
    }
    const gone = new AbortController()
    const leave = (): void => {
      gone.abort()
      if (isStream(answers)) answers.return?.().catch(() => undefined)
    }
    const keepAlive = setInterval(() => {
      // To one who takes nothing, it would look as if something went on.
      if (response.writableLength === 0) response.write(':\n\n')
    }, KEEP_ALIVE_MS)
    response.once('close', leave)
    if (isStream(answers)) {
      open.add(response)
      if (isClosed) response.destroy()
    }
    const identity = identityOf(response.req)
    const unfollow =
      identity &&
      follow?.(identity, () => {
        isBrokenOff = true
        leave()
        breakOff(response, toRefusal(UNAUTHENTICATED.code, UNAUTHENTICATED.message))
      })
    // One who left before the first answer is not told of again.
    if (response.destroyed) leave()
    try {
      const next = (result: ExecutionResult): Promise<void> =>
        write(joined('event: next\ndata: ', answerJson(streams.format(result, log)), '\n\n'))
      if (isStream(answers)) for await (const result of answers) await next(result)
      else await next(answers)
    } catch (error) {
      if (gone.signal.aborted) return
      if (error instanceof CallerLimitError) {
        const told = streams.format({ errors: [refusal(error) as GraphQLError] }, log)
        // A subscription that loses an event must not look as if it had come to its end.
        isBrokenOff = isStream(answers)
        if (isBrokenOff) breakOff(response, told)
        else response.write(`event: next\ndata: ${JSON.stringify(told)}\n\n`)
        return
      }
      // As little at its end as one that the server stops.
      response.destroy()
      throw error
    } finally {
      clearInterval(keepAlive)
      unfollow?.()
      open.delete(response)
      if (!response.destroyed && !isBrokenOff) response.end('event: complete\ndata:\n\n')
    }
  }

  return {
    send,
    close: () => {
      isClosed = true
      for (const response of open) response.destroy()
    },
  }
}

/** Breaks a stream that has not come to its end, once its reader is told why; who takes nothing is not told. */
const breakOff = (response: ServerResponse, why: object): void => {
  if (response.writableLength > 0) response.destroy()
  else response.write(`event: next\ndata: ${JSON.stringify(why)}\n\n`, () => response.destroy())
}

/** Whether the reader takes more. */
const writeTo = (response: ServerResponse, text: Text): boolean => {
  if (typeof text === 'string') return response.write(text)
  let takesMore = true
  for (const piece of text.pieces) takesMore = response.write(piece)
  return takesMore
}
