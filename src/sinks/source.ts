/** What a sink sends next: read from where it is stored, a batch at a time, and made into items in turns. */
import { everything } from '../filter/filter.ts'
import type { EventRow } from '../model/events.ts'
import type { StoredChange } from '../model/row-changes.ts'
import type { SinkSettings, SinkStream } from '../model/sinks/sink.ts'
import { changesWithin } from '../query/stored/changes.ts'
import type { StoredSource } from '../query/stored/list.ts'
import { createFilling, type Filling, type PlacedItem } from './batch.ts'
import { createChangedRows, lastOfEach } from './changed-rows.ts'
import { changeItem, eventItem, type MadeItem, madeOf } from './items.ts'
import type { Behind } from '../query/stored/furthest-behind.ts'
import type { SinkItem } from './sender.ts'

/** On whose account, and for how long, something is asked. */
type Terms = NonNullable<Parameters<StoredSource['newest']>[0]>

/** The first of all that are stored behind that sequence, whosever they are. */
type After = (
  sequence: number,
  limit: number,
  terms?: Terms,
) => Promise<readonly { readonly sequence: number }[]>

/** Where stored events and changes are read; nothing of another tenant than the connectors' present ones is on its pages. */
export interface SinkLists extends Pick<
  StoredSource,
  | 'identity'
  | 'page'
  | 'newest'
  | 'newestChange'
  | 'sequenceBefore'
  | 'changeBefore'
  | 'standing'
  | 'changeStanding'
  | 'rowThen'
> {
  readonly after: After
  readonly changesAfter: After
  /** Aliases of which something is stored behind `after`, up to `until`, whosever it is. */
  readonly connectorsWithin: (
    list: SinkStream,
    after: number,
    until: number,
    terms?: Terms,
  ) => Promise<readonly string[]>
}

export interface FoundItems {
  readonly items: readonly PlacedItem[]
  /** Where the sink stands once all of them are sent: between them and there is nothing that it sends. */
  readonly reached: number
  /** Connectors of which there is something up to there, also those that are not read. */
  readonly met: readonly string[]
  /** How many at most were deleted before they were read. */
  readonly lost: number
}

export interface SinkSource {
  /** The sequence of the newest that is stored. */
  newest(stream: SinkStream): Promise<number>
  /** Where the sink begins that has no place yet, by what its settings say and when it was begun. */
  beginning(stream: SinkStream, begunAt: number): Promise<number>
  /** The next items of that stretch, no more than go together. */
  read(stream: SinkStream, stretch: Behind): Promise<FoundItems>
}

export interface SourceOptions {
  readonly settings: Pick<SinkSettings, 'name' | 'types' | 'ocsf' | 'since' | 'batch'>
  readonly lists: SinkLists
  /** Takes a step when others have had their turns. */
  readonly inTurn: <Result>(step: () => Result) => Promise<Result>
  /** Ends what is read. */
  readonly signal: AbortSignal
}

/** Read at once. The body of an event may have a megabyte: as many are read as are found to go together. */
const AT_ONCE = 100
const FIRST_AT_ONCE = 10
/** Items that are made in one turn. */
const MADE_AT_ONCE = 20
/** So far it is looked at a time, however little of it is the sink's: that is soon done, and not done again. */
const STRETCH = 10_000
/** More than that cannot have been deleted: the numbers were begun anew far beyond. */
const MOST_LOST = 1_000_000_000

interface Page<Row> {
  readonly rows: readonly Row[]
  /** Whether there is no more up to the bound. */
  readonly isAll: boolean
  readonly bound: number
}

/** What came of a page. */
interface Filled {
  /** All up to there is in the batch. */
  readonly reached: number
  /** Whether that is all of the page. */
  readonly isWhole: boolean
  readonly isEmpty: boolean
}

/** What a sink of those settings sends of those lists. */
export const createSinkSource = (options: SourceOptions): SinkSource => {
  const { settings, lists, inTurn, signal } = options
  const { name, ocsf, types, since, batch } = settings
  const terms: Terms = {
    ...{ caller: `(sink ${name})`, operation: `(sink ${name})`, leftMs: () => Infinity },
    ...{ deadline: undefined, maxWaitMs: Infinity, signal, took: undefined },
  }
  const newest = { events: lists.newest, changes: lists.newestChange }
  const standing = { events: lists.standing, changes: lists.changeStanding }
  const before = { events: lists.sequenceBefore, changes: lists.changeBefore }
  const behind = { events: lists.after, changes: lists.changesAfter }
  const changedRow =
    ocsf &&
    createChangedRows(
      { rowThen: (alias, list, id, at) => lists.rowThen(alias, list, id, at, terms) },
      ocsf,
    )
  /** Up to where it was told what was deleted too early. */
  const toldLost = { events: 0, changes: 0 }
  let eventsAtOnce = FIRST_AT_ONCE

  const page = async <Row>(
    list: SinkStream,
    { connectors, until }: Behind,
    after: number,
    limit: number,
  ): Promise<Page<Row>> => {
    const filter = list === 'events' ? everything : changesWithin({ collections: types })
    const bound = Math.min(until, after + STRETCH)
    const found = await lists.page(
      {
        list,
        parts: [{ connectors, filter }],
        ordering: 'arrival',
        from: { keys: [], sequence: after },
        until: { keys: [], sequence: bound + 1 },
        backward: false,
        limit,
      },
      terms,
    )
    return { rows: found.map(({ row }) => row as Row), isAll: found.length < limit, bound }
  }

  /** Makes them and puts them into the batch as far as there is room, an item of each. */
  const fill = async <Row extends { readonly sequence: number }>(
    { rows, isAll, bound }: Page<Row>,
    after: number,
    filling: Filling,
    make: (row: Row) => PlacedItem,
  ): Promise<Filled> => {
    const isEmpty = rows.length === 0
    for (let from = 0; from < rows.length; from += MADE_AT_ONCE) {
      const some = rows.slice(from, from + MADE_AT_ONCE)
      if (!(await inTurn(() => some.every(row => filling.add(make(row))))))
        return { reached: Math.max(after, filling.reached()), isWhole: false, isEmpty }
    }
    return { reached: isAll ? bound : (rows.at(-1)?.sequence ?? after), isWhole: true, isEmpty }
  }

  const events = async (stretch: Behind, after: number, filling: Filling): Promise<Filled> => {
    const limit = Math.min(eventsAtOnce, filling.room())
    const found = await page<EventRow>('events', stretch, after, limit)
    const room = filling.room()
    const filled = await fill(found, after, filling, event => ({
      ...madeOf(
        event,
        () => eventItem(event, ocsf),
        () => eventItem(event, undefined),
      ),
      sequence: event.sequence,
      storedAt: event.receivedAt * 1_000,
    }))
    if (!filled.isWhole) eventsAtOnce = Math.max(1, room - filling.room())
    else if (found.rows.length === eventsAtOnce) eventsAtOnce = Math.min(AT_ONCE, 2 * eventsAtOnce)
    return filled
  }

  const plainOf = (change: StoredChange) => (): SinkItem => changeItem(change, lists.identity)

  const changes = async (stretch: Behind, after: number, filling: Filling): Promise<Filled> => {
    const found = await page<StoredChange>('changes', stretch, after, AT_ONCE)
    if (changedRow === undefined)
      return fill(found, after, filling, change => placed(change, madeOf(change, plainOf(change))))
    const { whole, reached } = wholeOf(found, stretch.until)
    const isEmpty = found.rows.length === 0
    let at = after
    for (const change of whole) {
      if (filling.room() === 0) return { reached: at, isWhole: false, isEmpty }
      const made = await changedRow(change)
      const isIn =
        made === undefined ||
        (await inTurn(() => filling.add(placed(change, madeOf(change, made, plainOf(change))))))
      if (!isIn) return { reached: at, isWhole: false, isEmpty }
      at = change.sequence
    }
    return { reached, isWhole: true, isEmpty }
  }

  /** How many have gone of those behind that sequence, and were not told to have before. */
  const lostSince = async (stream: SinkStream, from: number): Promise<number> => {
    const { purged } = await standing[stream](from, terms)
    const lost = purged - Math.max(from, toldLost[stream])
    if (lost <= 0) return 0
    toldLost[stream] = purged
    return lost < MOST_LOST ? lost : 1
  }

  const readItems = async (
    stream: SinkStream,
    stretch: Behind,
  ): Promise<Omit<FoundItems, 'lost'>> => {
    const read = stream === 'events' ? events : changes
    const filling = createFilling(batch)
    const met = new Set<string>()
    for (let at = stretch.from; ;) {
      const { reached, isWhole, isEmpty } = await read(stretch, at, filling)
      for (const alias of await lists.connectorsWithin(stream, at, reached, terms)) met.add(alias)
      at = reached
      if (isEmpty && at < stretch.until) {
        // The numbers that come next may be far beyond.
        const [next] = await behind[stream](at, 1, terms)
        at = next === undefined ? stretch.until : Math.min(stretch.until, next.sequence - 1)
      }
      const isOver = !isWhole || filling.room() === 0 || at >= stretch.until
      if (isOver || filling.items.length === 0)
        return { items: filling.items, reached: at, met: [...met] }
    }
  }

  return {
    newest: stream => newest[stream](terms),
    beginning: async (stream, begunAt) => {
      // Where all have gone there is no newest, but what comes next has a number behind theirs.
      const { purged } = await standing[stream](0, terms)
      if (since === 'beginning') return purged
      const sinceMs = since === 'now' ? begunAt : begunAt - since
      return Math.max(purged, await before[stream](sinceMs / 1_000, terms))
    },
    read: async (stream, stretch) => ({
      ...(await readItems(stream, stretch)),
      // What went while it was read is not passed over in silence either.
      lost: await lostSince(stream, stretch.from),
    }),
  }
}

/** The changes of a page of which all that belongs together is there, and up to where that is all. */
const wholeOf = (
  { rows, isAll, bound }: Page<StoredChange>,
  until: number,
): { readonly whole: readonly StoredChange[]; readonly reached: number } => {
  const last = lastOfEach(rows)
  const end = rows.at(-1)?.sequence ?? bound
  const mayGoOn = isAll ? end === bound && bound < until : last.length > 1
  const whole = mayGoOn ? last.slice(0, -1) : last
  const rest = rows[whole.length === 0 ? 0 : rows.indexOf(whole.at(-1) as StoredChange) + 1]
  return { whole, reached: rest === undefined ? (isAll ? bound : end) : rest.sequence - 1 }
}

const placed = (change: StoredChange, of: MadeItem): PlacedItem => ({
  ...of,
  sequence: change.sequence,
  storedAt: change.at * 1_000,
})
