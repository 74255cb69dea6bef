/** One link on from the objects that hold the searched value. */
import type { CollectionName, Row } from '../../model/rows.ts'
import type { Reader } from '../reading/reader.ts'
import type { RequestBudget } from './request-budget.ts'
import { eventsOf, type DirectHit } from './direct-hits.ts'
import { HIT_NS, type Hits, type Match } from './hits.ts'
import type { Hop } from './fields.ts'
import { fieldOf } from '../../model/values.ts'
import type { Work } from '../../work/work.ts'

/** About what it takes to look at an event. */
const EVENT_NS = 100

/** What the links of a hop lead from: the fields in which the value was found, by the id or value that links. */
type Starts = ReadonlyMap<string, ReadonlySet<string>>

/**
 * Adds what the hop leads to. Returns the start of the oldest read that it rests on; undefined where nothing was asked.
 * @throws the first error of a read; what the others brought is added.
 */
export const followHop = async (
  hop: Hop,
  found: readonly DirectHit[],
  reader: Reader,
  hits: Hits,
  budget: RequestBudget,
): Promise<number | undefined> => {
  const { link, to } = hop
  if (link.kind === 'events') return undefined
  const starts = startsOf(hop, found, link.kind === 'one' ? link.of.idField : link.of.ownField)
  const values = [...starts.keys()]
  if (values.length === 0) return undefined
  const table = reader.store.table(to)
  const read: readonly (readonly Row[] | Error)[] =
    link.kind === 'one'
      ? (await reader.rows(to, values)).map(row =>
          row instanceof Error ? row : row === null ? [] : [row],
        )
      : await readChildren(to, link.of.foreignField, values, reader, budget)
  // Lists of the table change while others have their turn.
  const answers = read.map(rows => (rows instanceof Error ? rows : [...rows]))
  let asOf: number | undefined
  const failures: Error[] = []
  for (const [index, rows] of answers.entries()) {
    if (rows instanceof Error) {
      failures.push(rows)
      continue
    }
    const value = values[index] ?? ''
    await reader.work.run(addAll(to, rows, matchesOf(hop, starts, value), hits, reader.work))
    const readAt =
      link.kind === 'one'
        ? rows.map(({ id }) => table.readAt(id))
        : [Math.max(table.slice(link.of.foreignField, value) ?? 0, table.whole ?? 0)]
    for (const time of readAt) asOf = Math.min(asOf ?? time, time)
  }
  if (failures[0] !== undefined) throw failures[0]
  return asOf
}

function* addAll(
  name: CollectionName,
  rows: readonly Row[],
  matches: readonly Match[],
  hits: Hits,
  work: Work,
): Generator<void, undefined> {
  for (const row of rows) {
    if (!work.spend(HIT_NS * matches.length)) yield
    for (const match of matches) hits.add(name, row, match)
  }
}

/** The rows of each value, by a parameter where Push has one, else out of all. */
const readChildren = async (
  name: CollectionName,
  field: string,
  values: readonly string[],
  reader: Reader,
  budget: RequestBudget,
): Promise<readonly (readonly Row[] | Error)[]> => {
  if (reader.facts.bySlice(name, field)) return reader.children(name, field, values)
  await budget.whole(name, reader)
  return values.map(value => reader.store.table(name).by(field, value))
}

/** Adds the detections of which a known event names one of the objects that hold the value. */
export const addByEvents = async (
  hop: Hop,
  found: readonly DirectHit[],
  detections: readonly Row[],
  hits: Hits,
  work: Work,
): Promise<void> => {
  if (hop.link.kind !== 'events') return
  const starts = startsOf(hop, found, 'id')
  if (starts.size > 0)
    await work.run(addNamed(hop, hop.link.idField, starts, detections, hits, work))
}

function* addNamed(
  hop: Hop,
  idField: string,
  starts: Starts,
  detections: readonly Row[],
  hits: Hits,
  work: Work,
): Generator<void, undefined> {
  for (const row of detections)
    for (const event of eventsOf(row)) {
      if (!work.spend(EVENT_NS)) yield
      const id: unknown = fieldOf(event, idField)
      if (typeof id !== 'string') continue
      for (const match of matchesOf(hop, starts, id)) hits.add(hop.to, row, match)
    }
}

/** Whether a hop begins at what holds the value in that field. A detection holds what its events hold. */
export const beginsAt = (hop: Hop, { kind, holder }: DirectHit['field']): boolean =>
  hop.kind === kind &&
  (hop.from === holder || (hop.from === 'detections' && holder === 'detectionEvents'))

/** The collection that is read for the rows, or the events, of a holder. */
export const collectionOf = (holder: DirectHit['field']['holder']): CollectionName =>
  holder === 'detectionEvents' ? 'detections' : holder

const startsOf = (hop: Hop, directHits: readonly DirectHit[], name: string): Starts => {
  const starts = new Map<string, Set<string>>()
  for (const { field, row, event } of directHits) {
    if (!beginsAt(hop, field)) continue
    const object = hop.from === 'detectionEvents' ? event : row
    const value: unknown = object && fieldOf(object, name)
    if (typeof value !== 'string') continue
    const names = starts.get(value) ?? new Set()
    starts.set(value, names.add(field.name))
  }
  return starts
}

const matchesOf = ({ kind, via }: Hop, starts: Starts, value: string): Match[] =>
  [...(starts.get(value) ?? [])].map(field => ({ field, kind, via }))
