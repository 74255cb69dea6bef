/** The loaders of one operation, and what is known of it once it has run. */
import type { AnyNeed } from '../query/planning/need.ts'
import type { Operation, Summary } from '../query/operation/operation.ts'
import { type PlanReport, reportPlan } from '../query/planning/report.ts'
import { openSession, type SessionOptions } from '../query/session.ts'
import { type AnswerValidity, createAnswerValidity } from '../query/operation/answer-validity.ts'
import type { StoredSource } from '../query/stored/list.ts'
import { createLoaders, type Loaders } from './loaders.ts'

/** One request: opens its operation, once it is known what that will need. */
export interface OpenRequest {
  /** What the answer rests on, and whether it would be given again. */
  readonly validity: AnswerValidity
  open(needs: readonly AnyNeed[], planOnly?: boolean): OpenedRequest
}

export interface OpenedRequest {
  readonly loaders: Loaders
  readonly summary: () => Summary
  /** Begins what will be read for certain, if what is asked can be; undefined where there is nothing of the kind. */
  readonly readAhead: (() => void) | undefined
  /** To be called once the answer is complete. */
  readonly end: () => void
  /** The plan: before running, or beside what running it took. */
  readonly plan: (before: boolean) => PlanReport
  /** By what is known, the operation asks Push for nothing. */
  readonly isFree: boolean
}

export interface RequestOptions extends Omit<SessionOptions, 'needs'> {
  /** The lists that are kept here; empty ones where absent. */
  readonly stored?: StoredSource
}

/** Opens operations on that store, all on the same terms and for the same answer. */
export const openRequest = (options: RequestOptions): OpenRequest => {
  const validity = createAnswerValidity(options)
  return {
    validity,
    open: (needs, planOnly = false) => {
      const { operation, readers, planned, readAhead, end, isFree } = openSession({
        ...options,
        needs,
        planOnly,
        validity,
      })
      return {
        loaders: forNow(createLoaders(readers, operation, options.stored), operation),
        summary: () => operation.summary(),
        readAhead,
        end,
        isFree,
        plan: before => reportPlan(planned, before ? undefined : operation),
      }
    },
  }
}

/**
 * The same loaders; an answer that rests on any but those of the store, whose changes are known, holds for this
 * operation alone.
 */
const forNow = (loaders: Loaders, { validity }: Operation): Loaders => {
  const now = <Load extends (...args: never[]) => unknown>(load: Load): Load =>
    ((...args: Parameters<Load>) => {
      validity.markVolatile()
      return load(...args)
    }) as Load
  const { row, texts, find, related, list } = loaders
  return {
    row,
    texts,
    find,
    related,
    list,
    near: now(loaders.near),
    readAt: now(loaders.readAt),
    detailed: now(loaders.detailed),
    referenced: now(loaders.referenced),
    search: now(loaders.search),
    timeline: now(loaders.timeline),
    connectors: now(loaders.connectors),
    connector: now(loaders.connector),
    stored: now(loaders.stored),
    history: now(loaders.history),
    passes: now(loaders.passes),
    replay: now(loaders.replay),
    sequenceBefore: now(loaders.sequenceBefore),
    eventStore: now(loaders.eventStore),
    otherApp: now(loaders.otherApp),
  }
}
