/**
 * Push's answers as they are kept beyond the process. Here an answer is still raw and has the moment at which it was asked
 * for: one that is new enough takes the place of a request, and what Push answers is kept.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { KeptAnswer, KeptAnswers, PushQuestion } from '../../answers/contract.ts'
import type { Clock } from '../../model/clock.ts'
import { parseJson } from '../../model/well-formed.ts'
import type { KeptLook } from '../contract/contract.ts'
import type { OnEvent } from '../contract/events.ts'
import type { Measures } from '../state/sizes.ts'
import type { PushAnswer, RequestPath } from './attempt.ts'
import type { AskPush } from './attempts.ts'

export interface AnswerKeeping {
  /** Takes what is kept where the flight lets it, else asks Push and keeps what came. */
  readonly ask: AskPush
  /** What `read` makes of what is kept; undefined where nothing will do, or it cannot be read. */
  find<Result>(
    requestPath: RequestPath,
    look: KeptLook,
    read: (answer: PushAnswer) => Result,
  ): Promise<Result | undefined>
  /** Something below that path was changed by then (ms; now where absent): what was asked for before is not given any more. */
  outdate(path: string, at?: number): void
  /** Bytes of what is kept of that list and its objects. */
  bytes(path: string): Promise<number>
}

/** Takes a step that holds the event loop up, when its turn has come. */
export type InTurn = <Result>(step: () => Result) => Promise<Result>

/** Where nobody shares turns out. */
export const inNextTurn: InTurn = async step => {
  await nextTurn()
  return step()
}

export interface KeepingOptions {
  readonly answers: KeptAnswers
  /** Whose answers they are, for people. */
  readonly alias: string
  /** Under which id they are kept; once a key has been read. */
  readonly tenant: () => Promise<string>
  /** When something was last changed, by names of ours; outlives the process, and is shared with others. */
  readonly changes: () => Pick<Measures, 'get' | 'set'>
  readonly inTurn: InTurn
  readonly clock: Pick<Clock, 'now'>
  readonly onEvent: OnEvent
}

/** Keeps what `ask` brings. */
export const createAnswerKeeping = (ask: AskPush, options: KeepingOptions): AnswerKeeping => {
  const { answers, alias, clock, inTurn, onEvent } = options
  /** Undefined where no key can be read: whoever asks hears of that from Push's side. */
  const questionOf = async ({
    path,
    question = path,
  }: RequestPath): Promise<PushQuestion | undefined> => {
    const tenant = await options.tenant().catch(() => undefined)
    return tenant === undefined ? undefined : { tenant, path: question }
  }

  const isOutdated = ({ path }: RequestPath, askedAt: number): boolean =>
    askedAt <= (options.changes().get(changeOf(path))?.value ?? -Infinity)

  /** What `read` makes of a kept answer; undefined where it makes nothing of it. */
  const readKept = <Result>(
    requestPath: RequestPath,
    { body, askedAt, dateSeconds }: KeptAnswer,
    read: (answer: PushAnswer) => Result,
  ): { readonly result: Result } | undefined => {
    if (isOutdated(requestPath, askedAt)) return undefined
    try {
      return { result: read({ body, json: parseJson(body), readAt: askedAt, dateSeconds }) }
    } catch {
      // Kept by another version, or damaged: Push is asked.
      return undefined
    }
  }

  const keep = async (requestPath: RequestPath, answer: PushAnswer): Promise<void> => {
    const { body, readAt, dateSeconds } = answer
    const question = await questionOf(requestPath)
    if (question === undefined || isOutdated(requestPath, readAt)) return
    answers.put(question, { connector: alias }, { body, askedAt: readAt, dateSeconds })
  }

  const askAndKeep: AskPush = async (requestPath, flight, read) => {
    let came: PushAnswer | undefined
    const result = await ask(requestPath, flight, answer => {
      const made = read(answer)
      came = answer
      return made
    })
    if (came !== undefined) await keep(requestPath, came)
    return result
  }

  return {
    ask: async (requestPath, flight, read) => {
      const notBefore = flight.kept?.notBefore
      if (notBefore === undefined) return askAndKeep(requestPath, flight, read)
      const question = await questionOf(requestPath)
      if (question === undefined) return askAndKeep(requestPath, flight, read)
      const claim = await answers.claim(question, notBefore, flight.urgency.signal)
      if (claim.kind === 'found') {
        const found = await inTurn(() => readKept(requestPath, claim.answer, read))
        if (found === undefined || flight.kept?.take(claim.answer.askedAt) !== true)
          return askAndKeep(requestPath, flight, read)
        onEvent({ kind: 'kept', path: requestPath.template })
        return found.result
      }
      try {
        return await askAndKeep(requestPath, flight, read)
      } finally {
        claim.leave()
      }
    },
    find: async (requestPath, { notBefore, signal, onKept }, read) => {
      const question = await questionOf(requestPath)
      if (question === undefined) return undefined
      const claim = await answers.claim(question, notBefore, signal)
      if (claim.kind === 'mine') {
        claim.leave()
        return undefined
      }
      const found = await inTurn(() => readKept(requestPath, claim.answer, read))
      if (found === undefined) return undefined
      onEvent({ kind: 'kept', path: requestPath.template })
      onKept?.()
      return found.result
    },
    outdate: (path, at = clock.now()) => options.changes().set(changeOf(path), at),
    bytes: async path => (await answers.usage()).get(alias)?.bytesOf.get(path) ?? 0,
  }
}

const changeOf = (path: string): string => `changed ${rootOf(path)}`

/** `/accounts` of the list, its pages and its objects. */
const rootOf = (path: string): string => /^\/[^/?]*/.exec(path)?.[0] ?? path
