/** The keeping of answers, whoever keeps them: what a caller waits for, what is told of failures, and what goes in time. */
import type { AnswerFailures } from './answer-failures.ts'
import { createTimelyClaims } from './claim-in-time.ts'
import { type AnswerNews, createClaiming } from './claiming.ts'
import { AnswersAway, type KeptAnswers, untoldClaim } from './contract.ts'
import { createForgetting } from './forgetting.ts'
import { createHeldClaims } from './held-claims.ts'
import type { AnswersKeeper } from './keeper.ts'
import { createKeeping } from './keeping.ts'
import { createReadingAhead } from './reading-ahead.ts'
import { type KeepingTerms, startTidying } from './tidying.ts'

export interface AnswersParts {
  readonly keeper: AnswersKeeper
  readonly failures: AnswerFailures
  readonly news: AnswerNews
  /** What is waited for where that takes too long, as in "their file takes too long". */
  readonly place: string
}

export const composeAnswers = (
  { keeper: keeperItself, failures, news, place }: AnswersParts,
  terms: KeepingTerms,
): KeptAnswers => {
  const { clock } = terms
  const keeping = createKeeping(keeperItself, clock, failures)
  const keeper: AnswersKeeper = {
    ...keeperItself,
    ask: (task, ...args) => {
      keeping.flush()
      return keeperItself.ask(task, ...args)
    },
  }
  let isClosed = false
  const ask: AnswersKeeper['ask'] = async (task, ...args) => {
    if (isClosed) throw new AnswersAway('The keeping of answers is closed')
    return keeper.ask(task, ...args)
  }
  const held = createHeldClaims(clock, () => {
    ask('beat', clock.now()).catch(failures.failed)
  })
  const tidying = startTidying(terms, (...step) => ask('tidy', ...step))
  const claims = createTimelyClaims(keeper, clock, failures)
  const claimOne = createClaiming(ask, { clock, claims, held, news })
  const ahead = createReadingAhead(ask, clock)

  const flaw = (): string | undefined => {
    if (keeper.isFailing()) return failures.ended()
    return claims.isOverdue()
      ? `Kept answers cannot be used now: ${place} takes too long to answer`
      : failures.unwritten()
  }

  const claim: KeptAnswers['claim'] = async (question, notBefore, signal) => {
    const answer = await ahead.take(question, notBefore, signal)
    signal.throwIfAborted()
    const found =
      answer === undefined
        ? await claimOne(question, notBefore, signal)
        : ({ kind: 'found', answer } as const)
    if (found.kind === 'found') ahead.found(question, found.answer)
    return found
  }

  /** What is to be forgotten may have been fetched meanwhile. */
  const forgetting =
    <Args extends readonly unknown[]>(forget: (...args: Args) => Promise<number>) =>
    async (...args: Args): Promise<number> => {
      try {
        return await forget(...args)
      } finally {
        ahead.forget()
      }
    }
  const { forgetConnector, forgetText } = createForgetting(ask, clock)

  return {
    claim: (question, notBefore, signal) =>
      isClosed ? Promise.resolve(untoldClaim) : claim(question, notBefore, signal),
    put: (question, { connector }, answer) => {
      const isAwaited = held.has(question)
      const askedAt = held.answered(question, answer.askedAt)
      ahead.changed(question)
      if (!isClosed) keeping.put({ question, connector, answer: { ...answer, askedAt } }, isAwaited)
    },
    kept: tenant => ask('kept', tenant).catch(() => undefined),
    usage: () => ask('usage').catch(() => new Map()),
    forgetConnector: forgetting(forgetConnector),
    forgetText: forgetting(forgetText),
    standing: () => ({ flaw: flaw(), deaths: keeper.deaths() }),
    close: async () => {
      if (isClosed) return
      isClosed = true
      held.end()
      tidying.end()
      ahead.forget()
      await keeping.drain()
      // What could not be closed in order has all in its log, where the next one finds it.
      await keeper.close().catch(() => undefined)
    },
  }
}
