/** All rows of a collection that pass a filter, by the access path that the plan chose. */
import { and, conjuncts, type Filter } from '../../filter/filter.ts'
import { type Maybe, andThen } from '../../model/maybe.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import { isBetter } from '../planning/cost.ts'
import { type AccessPath, plan, type Plan } from '../planning/plan.ts'
import type { Reader } from './reader.ts'
import { readRelated } from './read-related.ts'
import { needsEvents, relatedTo } from '../../filter/relations-in.ts'
import { createTester, filterRows } from './row-tester.ts'

export interface MatchingRows {
  readonly rows: readonly Row[]
  /** Start of the oldest read that they rest on, in milliseconds. */
  readonly asOf: number
}

/** The plan for the rows that pass, of which `enough` suffice; all where absent. */
export const planFor = (
  name: CollectionName,
  filter: Filter,
  reader: Reader,
  enough?: number,
): Plan =>
  plan({ collection: name, filter, enough, scanned: reader.demand.scan.has(name) }, reader.facts)

/** Every row that passes, by the access path of a plan. */
export const matchingRows = (
  name: CollectionName,
  filter: Filter,
  reader: Reader,
  accessPath = planFor(name, filter, reader).accessPath,
): Maybe<MatchingRows> =>
  andThen(readCandidates(name, accessPath, reader), candidates =>
    andThen(candidates ?? readWhole(name, reader), ({ rows, asOf }) =>
      andThen(sift(name, filter, rows, reader), passing => {
        reader.passed(name, filter, passing.length)
        return { rows: passing, asOf }
      }),
    ),
  )

const readWhole = (name: CollectionName, reader: Reader): Maybe<MatchingRows> =>
  andThen(reader.whole(name), () => {
    const { whole = 0 } = reader.store.table(name)
    return { rows: reader.frozen(name).rows, asOf: whole }
  })

/** The rows that pass; what lies around them is read for those alone that pass everything else. */
export const sift = (
  name: CollectionName,
  filter: Filter,
  rows: readonly Row[],
  reader: Reader,
): Maybe<readonly Row[]> =>
  // Hundreds of lists may have waited for the same rows, and each makes a test of its filter first.
  reader.work.inTurn(() => siftNow(name, filter, rows, reader))

const siftNow = (
  name: CollectionName,
  filter: Filter,
  rows: readonly Row[],
  reader: Reader,
): Maybe<readonly Row[]> => {
  const [near, far] = split(filter)
  const nearRows =
    near.kind === 'all' ? rows : filterRows(rows, createTester(name, near, reader), reader)
  if (far.kind === 'all') return nearRows
  return andThen(nearRows, passing =>
    andThen(readRelated(far, passing, reader), () => {
      const table = reader.store.table(name)
      // Details may have come in with what was read.
      const detailed = needsEvents(far) ? passing.map(row => table.get(row.id) ?? row) : passing
      return filterRows(detailed, createTester(name, far, reader), reader)
    }),
  )
}

/** What a row itself answers, and what needs others. */
const split = (filter: Filter): readonly [Filter, Filter] => {
  const isFar = (part: Filter): boolean => needsEvents(part) || !relatedTo(part).next().done
  const parts = conjuncts(filter)
  return [and(parts.filter(part => !isFar(part))), and(parts.filter(isFar))]
}

/** Rows among which all that pass are; undefined where the access path turns out not to exist. */
const readCandidates = (
  name: CollectionName,
  accessPath: AccessPath,
  reader: Reader,
): Maybe<MatchingRows | undefined> => {
  switch (accessPath.kind) {
    case 'store':
    case 'scan':
      return undefined
    case 'ids':
      return rowsById(name, accessPath.ids, reader)
    case 'equal': {
      const { field, values, parameter } = accessPath
      return andThen(reader.children(name, field, values, parameter), answers =>
        collect(name, answers, reader),
      )
    }
    case 'range':
    case 'emails':
      return reader.narrowed(name, accessPath)
    case 'semiJoin': {
      const { link, of, parameter } = accessPath
      return andThen(matchingRows(link.to, of, reader), ({ rows, asOf }) => {
        const ids = rows.map(({ id }) => id)
        const single = { requests: ids.length, depth: 1 }
        if (!isBetter(single, reader.scanCost(name), reader.terms())) return undefined
        return andThen(reader.children(name, link.idField, ids, parameter), answers => {
          const found = collect(name, answers, reader)
          return { rows: found.rows, asOf: Math.min(asOf, found.asOf) }
        })
      })
    }
    default:
      return accessPath satisfies never
  }
}

/** The rows of those ids that there are. @throws the first error among the answers. */
export const rowsById = (
  name: CollectionName,
  ids: readonly string[],
  reader: Reader,
): Promise<MatchingRows> => reader.rows(name, ids).then(answers => collect(name, [answers], reader))

/** The rows of several answers, each once. @throws the first error among them. */
const collect = (
  name: CollectionName,
  answers: readonly (readonly (Row | null | Error)[] | Error)[],
  reader: Reader,
): MatchingRows => {
  const rows = new Map<string, Row>()
  for (const answer of answers) {
    if (answer instanceof Error) throw answer
    for (const row of answer) {
      if (row instanceof Error) throw row
      if (row !== null) rows.set(row.id, row)
    }
  }
  const table = reader.store.table(name)
  const asOf = [...rows.keys()].reduce((oldest, id) => Math.min(oldest, table.readAt(id)), Infinity)
  return { rows: [...rows.values()], asOf: Number.isFinite(asOf) ? asOf : reader.now() }
}
