/** How many objects the relations lead to by whose number a list is sorted, found before it is. */
import { and, everything, type Filter } from '../../filter/filter.ts'
import type { NumberOf } from '../../filter/order.ts'
import { allOf, andThen, type Maybe } from '../../model/maybe.ts'
import type { ToMany } from '../../model/relations.ts'
import type { Row } from '../../model/rows.ts'
import { fieldOf } from '../../model/values.ts'
import type { Operation } from '../operation/operation.ts'
import { readRelated } from '../reading/read-related.ts'
import type { Reader } from '../reading/reader.ts'
import type { CollectedRows, ConnectorRows } from './collect.ts'
import { isAnyGap } from './gaps-around.ts'
import type { ListQuery } from './list-query.ts'

export interface RelatedNumbers {
  /** Of a row that was collected. It stays what it was when the list was put together. */
  readonly numberOf: NumberOf
  /** Whether none of what was counted is missing. */
  readonly complete: boolean
}

const none: RelatedNumbers = { numberOf: () => 0, complete: true }

/** The numbers that the order of the list asks for, of all its rows. @throws what keeps the counted objects away. */
export const countRelated = (
  { order }: ListQuery,
  { parts }: CollectedRows,
  readers: readonly Reader[],
  operation: Operation,
): Maybe<RelatedNumbers> => {
  const counted = order?.counted ?? []
  if (counted.length === 0) return none
  const asked = and(counted.map(anyOf))
  const read = parts.map(({ connector, rows }) => {
    const reader = readers.find(({ alias }) => alias === connector)
    return reader && readRelated(asked, rows, reader)
  })
  const names = counted.map(({ to }) => to)
  return andThen(allOf<unknown>(read), () =>
    andThen(operation.work.run(countSteps(counted, parts, readers, operation)), numberOf => ({
      numberOf,
      complete: !parts.some(({ connector }) => isAnyGap(operation, connector, names)),
    })),
  )
}

/** A filter that looks at all objects of that relation. */
const anyOf = (relation: ToMany): Filter => ({
  kind: 'toMany',
  relation,
  quantifier: 'some',
  of: everything,
})

/** About what it takes to count what one row leads to. */
const COUNT_NS = 150

function* countSteps(
  counted: readonly ToMany[],
  parts: readonly ConnectorRows[],
  readers: readonly Reader[],
  { work }: Operation,
): Generator<void, NumberOf> {
  const numbers = new Map<ToMany, Map<object, number>>()
  for (const relation of counted) {
    const ofRows = new Map<object, number>()
    numbers.set(relation, ofRows)
    for (const { connector, rows } of parts) {
      const table = readers.find(({ alias }) => alias === connector)?.store.table(relation.to)
      for (const row of table === undefined ? [] : rows) {
        if (!work.spend(COUNT_NS)) yield
        const own = fieldOf(row, relation.ownField)
        const found: readonly Row[] =
          typeof own === 'string' ? (table?.by(relation.foreignField, own) ?? []) : []
        const isAmong = relation.exceptSelf && found.length > 0 && table?.get(row.id) !== undefined
        ofRows.set(row, Math.max(0, found.length - Number(isAmong)))
      }
    }
  }
  return (row, relation) => numbers.get(relation)?.get(row) ?? 0
}
