/** One of the lists that are kept here as a part of an export: in the order of arrival, up to what there is at its start. */
import { fieldsOf, type StoredName, type StoredRows } from '../model/stored.ts'
import type { StoredSource } from '../query/stored/list.ts'
import type { Position } from '../paging/resume-point.ts'
import type { TimeRange } from './collection-part.ts'
import type { Batch, ExportPart, ReadTerms } from './part.ts'

/** Where stored lists are read for an export. */
export interface StoredLists extends Pick<StoredSource, 'page' | 'count'> {
  /** The sequence of the newest event; 0 where there is none. */
  newest(): Promise<number>
}

export interface StoredPart<Name extends StoredName> {
  readonly connector: string
  readonly name: Name
  readonly lists: StoredLists
  readonly range: TimeRange
  /** What is written of an element. */
  readonly toValue: (row: StoredRows[Name]) => object
}

/** Rows between two positions; a body may have a megabyte. */
const BATCH = 100

/** The list of that connector; of events those that happened in the range, of objects all. */
export const createStoredPart = <Name extends StoredName>(
  options: StoredPart<Name>,
): ExportPart => {
  const { connector, name, lists, range } = options
  const selection = {
    list: name,
    parts: [{ connectors: [connector], filter: filterOf(name, range) }],
  }
  let expected: number | undefined
  return {
    connector,
    type: name,
    expected: () => expected,
    read: async function* (from, { signal }) {
      expected = await lists.count(selection)
      yield* readPart(options, selection, from as StoredPosition | undefined, signal)
    },
  }
}

type Selection = Pick<Parameters<StoredLists['page']>[0], 'list' | 'parts'>

interface StoredPosition extends Position {
  /** The sequence of the last row before it. */
  readonly after: number
  /** Events that arrive meanwhile are of the next export: so that one that goes on has what it would have had. */
  readonly until: number | undefined
}

async function* readPart<Name extends StoredName>(
  { name, lists, toValue }: StoredPart<Name>,
  selection: Selection,
  from: StoredPosition | undefined,
  signal: ReadTerms['signal'],
): AsyncGenerator<Batch> {
  const until = from?.until ?? (name === 'events' ? (await lists.newest()) + 1 : undefined)
  for (let after = from?.after ?? 0; ;) {
    signal.throwIfAborted()
    const found = await lists.page({
      ...selection,
      ordering: 'arrival',
      from: { keys: [], sequence: after },
      until: until === undefined ? undefined : { keys: [], sequence: until },
      backward: false,
      limit: BATCH,
    })
    after = found.at(-1)?.place.sequence ?? after
    const rows = found.map(({ row }) => row as StoredRows[Name])
    yield {
      items: rows.map(row => ({ id: row.id, value: toValue(row) })),
      met: rows.length,
      position: { after, until } satisfies StoredPosition,
    }
    if (found.length < BATCH) return
  }
}

/** What has no time of its own is in every export. */
const filterOf = (
  name: StoredName,
  { since, until }: TimeRange,
): Selection['parts'][number]['filter'] => {
  if (!('occurredAt' in fieldsOf(name))) return { kind: 'all' }
  const field = 'occurredAt'
  return {
    kind: 'and',
    of: [
      ...(since === undefined
        ? []
        : [{ kind: 'compare', field, op: 'gte', value: since } as const]),
      ...(until === undefined ? [] : [{ kind: 'compare', field, op: 'lt', value: until } as const]),
      { kind: 'all' },
    ],
  }
}
