/** One of the lists that are kept here as a part of an export: in the order of arrival, up to what there is at its start. */
import { fieldsOf, type StoredName, type StoredRows } from '../model/stored.ts'
import type { StoredSource } from '../query/stored/list.ts'
import type { Position } from '../paging/resume-point.ts'
import type { TimeRange } from './collection-part.ts'
import type { Batch, ExportPart, ReadTerms } from './part.ts'

/** Where stored lists are read for an export. */
export interface StoredLists extends Pick<StoredSource, 'page' | 'count'> {
  /** The sequence of the newest event, and of the newest change; 0 where there is none. */
  newest(): Promise<number>
  newestChange(): Promise<number>
}

export interface StoredPart<Name extends StoredName> {
  readonly connector: string
  readonly name: Name
  readonly lists: StoredLists
  readonly range: TimeRange
  /** Which of its elements are written; all of them where absent. */
  readonly filter?: Filter | undefined
  /** What is written of an element. */
  readonly toValue: (row: StoredRows[Name]) => object
}

type Selection = Pick<Parameters<StoredLists['page']>[0], 'list' | 'parts'>
type Filter = Selection['parts'][number]['filter']

/** Rows between two positions; a body may have a megabyte. */
const BATCH = 100

/** The list of that connector; of events and changes those of the time in the range, of objects all. */
export const createStoredPart = <Name extends StoredName>(
  options: StoredPart<Name>,
): ExportPart => {
  const { connector, name, lists, range } = options
  const filter: Filter = {
    kind: 'and',
    of: [filterOf(name, range), options.filter ?? everything],
  }
  const selection: Selection = { list: name, parts: [{ connectors: [connector], filter }] }
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

interface StoredPosition extends Position {
  /** The sequence of the last row before it. */
  readonly after: number
  /** What arrives meanwhile is of the next export: so that one that goes on has what it would have had. */
  readonly until: number | undefined
}

async function* readPart<Name extends StoredName>(
  { name, lists, toValue }: StoredPart<Name>,
  selection: Selection,
  from: StoredPosition | undefined,
  signal: ReadTerms['signal'],
): AsyncGenerator<Batch> {
  const until = from?.until ?? (await endOf(name, lists))
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

/** The first sequence that is of the next export; undefined where objects are written as they are then. */
const endOf = async (name: StoredName, lists: StoredLists): Promise<number | undefined> => {
  if (name === 'events') return (await lists.newest()) + 1
  return name === 'changes' ? (await lists.newestChange()) + 1 : undefined
}

/** What has no time of its own is in every export. */
const filterOf = (name: StoredName, { since, until }: TimeRange): Filter => {
  const field = ['occurredAt', 'at'].find(of => of in fieldsOf(name))
  if (field === undefined) return everything
  return {
    kind: 'and',
    of: [
      since === undefined ? everything : { kind: 'compare', field, op: 'gte', value: since },
      until === undefined ? everything : { kind: 'compare', field, op: 'lt', value: until },
    ],
  }
}

const everything: Filter = { kind: 'all' }
