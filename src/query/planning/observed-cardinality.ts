/**
 * What questions came to, kept with the sizes of the collections: the next plan for a question like it counts on that
 * rather than on a guess.
 */
import { createHash } from 'node:crypto'
import type { Filter } from '../../filter/filter.ts'
import { likenessKey } from '../../filter/filter-key.ts'
import { rememberFor } from '../../model/remember.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { ConnectorStore } from '../../store/store.ts'
import type { Demand } from './step.ts'
import type { ReadFilter, AnyNeed } from './need.ts'
import type { Memory } from './statistics.ts'
import type { Observations, PointReads } from '../operation/observations.ts'

/** Whether what is asked for counts too, or only how it is asked. */
const LIKENESSES = ['exact', 'alike'] as const

/** A longer question is remembered by its digest. */
const MAX_LENGTH = 1_000

const shortened = (question: string): string =>
  question.length <= MAX_LENGTH ? question : createHash('sha256').update(question).digest('hex')

/** What is remembered for an operation with these needs, which begins at `nowSeconds`. */
export const createMemory = (
  store: ConnectorStore,
  needs: readonly AnyNeed[],
  readFilter: ReadFilter,
  nowSeconds: number,
): Memory & {
  readonly keep: (observations: Observations, demand: Demand, isCold: boolean) => void
} => {
  const keysOf = rememberFor((filter: Filter) => ({
    exact: shortened(likenessKey(filter, nowSeconds, true)),
    alike: shortened(likenessKey(filter, nowSeconds, false)),
  }))
  const remembered = new Map<string, number | undefined>()
  let likenesses: readonly string[] | undefined

  const recall = (questions: () => readonly string[]): number | undefined => {
    for (const question of questions()) {
      if (!remembered.has(question)) remembered.set(question, store.observed(question))
      const count = remembered.get(question)
      if (count !== undefined) return count
    }
    return undefined
  }

  const rowQuestions = (collection: CollectionName, filter: Filter): readonly string[] =>
    LIKENESSES.map(likeness => `${collection} ${keysOf(filter)[likeness]}`)

  const readQuestions = (pointReads: PointReads): readonly string[] => {
    likenesses ??= LIKENESSES.map(by =>
      shortened(likenessOf(needs, filter => keysOf(filter)[by], readFilter)),
    )
    return likenesses.map(likeness => `${pointReads} for ${likeness}`)
  }

  return {
    passing: (collection, filter) => recall(() => rowQuestions(collection, filter)),
    observedReads: pointReads => recall(() => readQuestions(pointReads)),
    keep: (observations, demand, isCold) => {
      for (const { connector, collection, filter, rows } of observations.rowsByFilter)
        if (connector === store.alias)
          for (const question of rowQuestions(collection, filter)) store.observe(question, rows)
      // What was at hand already was not read.
      if (!isCold) return
      for (const { what, of } of demand.pointReads) {
        // Nor is what a scan brings read one by one; details it never brings.
        if (demand.scan.has(of) && !what.startsWith('details')) continue
        const count = observations.readsOf(store.alias, what)
        for (const question of readQuestions(what)) store.observe(question, count)
      }
    },
  }
}

/** The same text for operations that ask alike. */
const likenessOf = (
  needs: readonly AnyNeed[],
  filterKeyOf: (filter: Filter) => string,
  readFilter: ReadFilter,
): string => {
  const keyOf = (collection: CollectionName, filter: unknown): string =>
    filter === undefined ? '' : filterKeyOf(readFilter(collection, filter))
  const likeness = (need: AnyNeed): unknown => {
    const { kind, collection, first } = need
    if (need.kind === 'past') return [kind, collection]
    const then = need.then.map(likeness)
    if (need.kind === 'stored') {
      const through = need.through.map(to => keyOf(to.collection, to.filter))
      return [kind, collection, first, through, then]
    }
    const { field = '', whole, filter } = need
    return [kind, collection, field, first, whole, keyOf(need.collection, filter), then]
  }
  return JSON.stringify(needs.map(likeness))
}
