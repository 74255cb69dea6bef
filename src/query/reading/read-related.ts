/** The rows around rows that a filter looks at through relations: which they are, and how they are read for few rows. */
import type { Filter, LeafFilter } from '../../filter/filter.ts'
import { needsEvents, relatedTo } from '../../filter/relations-in.ts'
import { allOf, andThen, type Maybe } from '../../model/maybe.ts'
import { detectionEventRelations } from '../../model/relations.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import type { Reader } from './reader.ts'

/**
 * Sees to it that whatever the filter looks at around these rows is at hand, as cheaply as can be for so many rows.
 * @throws what made that impossible: a filter without its rows would give wrong answers.
 */
export const readRelated = (filter: Filter, rows: readonly Row[], reader: Reader): Maybe<void> => {
  if (rows.length === 0) return undefined
  // Each relation of the filter is looked at on each of the rows: others have their turn in between.
  return reader.work.inTurn(() => readNow(filter, rows, reader))
}

const readNow = (filter: Filter, rows: readonly Row[], reader: Reader): Maybe<void> => {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return done(filter.of.map(part => readRelated(part, rows, reader)))
    case 'not':
      return readRelated(filter.of, rows, reader)
    case 'toOne':
      return readLinked(filter.link.idField, filter.link.to, filter.of, rows, reader)
    case 'toMany': {
      const { to, foreignField, ownField } = filter.relation
      if (isAtHand(to, filter.of, rows, reader)) return undefined
      const values = textsOf(rows, ownField)
      const waiting = values.filter(
        value => reader.knownChildren(to, foreignField, value) === undefined,
      )
      const read =
        waiting.length === 0
          ? undefined
          : reader.children(to, foreignField, waiting).then(throwErrors)
      return andThen(read, () => {
        const table = reader.store.table(to)
        const found = values.flatMap(value => table.by(foreignField, value))
        return readRelated(filter.of, found, reader)
      })
    }
    case 'list':
    case 'isNull':
    case 'isEmpty':
      return filter.field === 'events' ? readEvents(filter, rows, reader) : undefined
    default:
      filter satisfies LeafFilter
      return undefined
  }
}

/** Rows of which each is looked at by itself, though all that is around them may be at hand. */
const FEW = 500

/** Whether all rows that the filter looks at from there on may be served, where asking for each of them would take longer. */
const isAtHand = (
  to: CollectionName,
  of: Filter,
  rows: readonly object[],
  reader: Reader,
): boolean =>
  rows.length > FEW &&
  !needsEvents(of) &&
  reader.covered(to) !== undefined &&
  relatedTo(of).every(related => reader.covered(related.to) !== undefined)

const readLinked = (
  idField: string,
  to: CollectionName,
  of: Filter,
  rows: readonly object[],
  reader: Reader,
): Maybe<void> => {
  if (isAtHand(to, of, rows, reader)) return undefined
  const ids = textsOf(rows, idField)
  const waiting = ids.filter(id => reader.known(to, id) === undefined)
  const read = waiting.length === 0 ? undefined : reader.rows(to, waiting).then(throwErrors)
  return andThen(read, () => {
    const table = reader.store.table(to)
    const found = ids.map(id => table.get(id)).filter(row => row !== undefined)
    return readRelated(of, found, reader)
  })
}

const readEvents = (filter: Filter, rows: readonly Row[], reader: Reader): Maybe<void> => {
  const waiting = rows.filter(row => 'events' in row && row.events === null)
  const read =
    waiting.length === 0
      ? undefined
      : reader.details(
          'detections',
          waiting.map(({ id }) => id),
        )
  return andThen(read, () => {
    if (filter.kind !== 'list') return undefined
    const table = reader.store.table('detections')
    const events = rows.flatMap(({ id }) => table.get(id)?.events ?? [])
    return done(
      detectionEventRelations.toOne.flatMap(({ idField, to }) =>
        [...linksIn(filter.of, to)].map(of => readLinked(idField, to, of, events, reader)),
      ),
    )
  })
}

/** The filters on what a link to that collection leads to. */
function* linksIn(filter: Filter, to: CollectionName): Generator<Filter> {
  if (filter.kind === 'and' || filter.kind === 'or')
    for (const part of filter.of) yield* linksIn(part, to)
  else if (filter.kind === 'not') yield* linksIn(filter.of, to)
  else if (filter.kind === 'toOne' && filter.link.to === to) yield filter.of
}

const textsOf = (rows: readonly object[], field: string): string[] => {
  const texts = new Set<string>()
  for (const row of rows) {
    const value = (row as Record<string, unknown>)[field]
    if (typeof value === 'string') texts.add(value)
  }
  return [...texts]
}

const throwErrors = (answers: readonly unknown[]): void => {
  for (const answer of answers) if (answer instanceof Error) throw answer
}

const done = (parts: readonly Maybe<void>[]): Maybe<void> => andThen(allOf(parts), () => undefined)
