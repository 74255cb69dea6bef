/** The loaders of one operation, with what they told of it in the end. */
import type { AnyNeed } from '../query/demand.ts'
import type { Operation, Summary } from '../query/operation.ts'
import { type PlanReport, reportPlan } from '../query/report.ts'
import { openSession, type SessionOptions } from '../query/session.ts'
import type { StillStands } from '../query/standing.ts'
import type { StoredSource } from '../query/stored-list.ts'
import { createLoaders, type Loaders } from './loaders.ts'

/** What makes the loaders of one operation, once it is known what it will need. */
export type OpenRequest = (
  needs: readonly AnyNeed[],
  planOnly?: boolean,
) => {
  readonly loaders: Loaders
  readonly summary: () => Summary
  /** To be called once the answer is complete. */
  readonly end: () => void
  /** The plan: before running, or beside what running it took. */
  readonly plan: (before: boolean) => PlanReport
  /** By what is known, the operation asks Push for nothing. */
  readonly isFree: boolean
  /** Tells later whether the complete answer would be given again; undefined where nobody can know. */
  readonly stands: () => StillStands | undefined
}

export interface RequestOptions extends Omit<SessionOptions, 'needs'> {
  /** The lists that are kept here; empty ones where absent. */
  readonly stored?: StoredSource
}

/** Opens operations on that store, all on the same terms. */
export const openRequest =
  (options: RequestOptions): OpenRequest =>
  (needs, planOnly = false) => {
    const { operation, readers, planned, end, isFree, stands } = openSession({
      ...options,
      needs,
      planOnly,
    })
    return {
      loaders: forNow(createLoaders(readers, operation, options.stored), operation),
      summary: () => operation.summary(),
      end,
      isFree,
      stands,
      plan: before => reportPlan(planned, before ? undefined : operation),
    }
  }

/** They rest on the store alone, which tells when it changes. */
const storeAlone: ReadonlySet<string> = new Set<keyof Loaders>([
  'row',
  'texts',
  'find',
  'related',
  'list',
])

/** The same loaders; an answer that rests on any but those of the store stands for this moment alone. */
const forNow = (loaders: Loaders, { standing }: Operation): Loaders =>
  Object.fromEntries(
    Object.entries(loaders).map(([name, load]: [string, (...args: unknown[]) => unknown]) => [
      name,
      storeAlone.has(name)
        ? load
        : (...args: unknown[]) => {
            standing.endsNow()
            return load(...args)
          },
    ]),
  ) as unknown as Loaders
