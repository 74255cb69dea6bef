/**
 * Push's answers in a file of the data folder, which all processes there share. A thread of its own works on it; where
 * that cannot be done, or not in time, Push is asked as if nothing had been kept.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Clock } from '../model/clock.ts'
import { createAnswerFailures } from './answer-failures.ts'
import { type AnswersThread, openAnswersThread } from './answers-thread.ts'
import { createTimelyClaims } from './claim-in-time.ts'
import { createClaiming } from './claiming.ts'
import { AnswersThreadEnded, type KeptAnswers, untoldClaim } from './contract.ts'
import { createForgetting } from './forgetting.ts'
import { createHeldClaims } from './held-claims.ts'
import { createKeeping } from './keeping.ts'
import { DATA_KEY_BYTES } from './sealing.ts'
import { startTidying } from './tidying.ts'

export interface AnswersOptions {
  /** The data folder; made where it is not there. */
  readonly directory: string
  readonly clock: Clock
  /** How large the file may be, without its log of some megabytes; the oldest answers go first. */
  readonly maxBytes: number
  /** How long an answer is kept. */
  readonly keepMs: number
  /** Whose answers are kept beyond that: the connectors that fail just now. None where absent. */
  readonly failing?: () => readonly string[]
  /** Of 32 bytes each: the first seals, all open; without any, nothing is sealed. */
  readonly dataKeys: readonly Uint8Array[]
  /** Told once while a failure lasts, and without an error when it is over. */
  readonly onProblem?: (message: string, error: unknown) => void
}

/** Opens the file `answers.db` of that folder, without waiting for it. @throws {RangeError} for a key of another length */
export const openAnswers = (options: AnswersOptions): KeptAnswers => {
  const { clock } = options
  const failures = createAnswerFailures(options)
  const thread = openAnswersThread(threadOptions(options), clock, {
    onNote: failures.note,
    onDeath: failures.died,
  })
  let isClosed = false
  const ask: AnswersThread['ask'] = async (task, ...args) => {
    if (isClosed) throw new AnswersThreadEnded('The file of kept answers is closed')
    return thread.ask(task, ...args)
  }
  const held = createHeldClaims(clock, () => {
    ask('beat', clock.now()).catch(failures.failed)
  })
  const tidying = startTidying(options, (...step) => ask('tidy', ...step))
  const claims = createTimelyClaims(thread, clock, failures)
  const claim = createClaiming(ask, clock, claims, held)
  const keeping = createKeeping(thread, clock, failures)

  const flaw = (): string | undefined => {
    if (thread.isFailing()) return failures.ended()
    return claims.isOverdue()
      ? 'Kept answers cannot be used now: their file takes too long to answer'
      : failures.unwritten()
  }

  return {
    claim: (question, notBefore, signal) =>
      isClosed ? Promise.resolve(untoldClaim) : claim(question, notBefore, signal),
    put: (question, of, answer) => {
      held.answered(question, answer.askedAt)
      if (!isClosed) keeping.put(question, of, answer)
    },
    kept: tenant => ask('kept', tenant).catch(() => undefined),
    usage: () => ask('usage').catch(() => new Map()),
    ...createForgetting(ask, clock),
    standing: () => ({ flaw: flaw(), deaths: thread.deaths() }),
    close: async () => {
      if (isClosed) return
      isClosed = true
      held.end()
      tidying.end()
      await keeping.drain()
      // What could not be closed in order has all in its log, where the next one finds it.
      await thread.close().catch(() => undefined)
    },
  }
}

const threadOptions = ({ directory, maxBytes, dataKeys }: AnswersOptions) => {
  if (dataKeys.some(key => key.length !== DATA_KEY_BYTES))
    throw new RangeError(`A data key has ${DATA_KEY_BYTES} bytes`)
  return {
    path: join(directory, 'answers.db'),
    maxBytes,
    // Copies: what is cloned for the thread is the memory that a buffer lies in, with all that is beside it.
    dataKeys: dataKeys.map(key => Uint8Array.from(key)),
    holder: randomUUID(),
  }
}
