/** What a sink sends next: read from where it is stored, a batch at a time, and made into items in turns. */
import { everything } from '../filter/filter.ts'
import type { EventRow } from '../model/events.ts'
import type { StoredChange } from '../model/row-changes.ts'
import type { SinkSettings, SinkStream } from '../model/sinks/sink.ts'
import { changesWithin } from '../query/stored/changes.ts'
import type { StoredSource } from '../query/stored/list.ts'
import { createChangedRows, lastOfEach } from './changed-rows.ts'
import { changeItem, eventItem } from './items.ts'
import type { SinkStretch } from './position.ts'
import type { SinkItem } from './sender.ts'

/** Where stored events and changes are read; nothing of another tenant than the connectors' present ones is among them. */
export type SinkLists = Pick<
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
>

/** An item, and where the sink stands once it is sent. */
export interface PlacedItem {
  readonly item: SinkItem
  readonly sequence: number
  /** When it was stored, in UNIX milliseconds. */
  readonly storedAt: number
  /** Why it cannot be sent as it should be; then `item` is its plain form, for the quarantine. */
  readonly flaw?: string | undefined
}

export interface FoundItems {
  readonly items: readonly PlacedItem[]
  /** Where the sink stands once all of them are sent: between them and there is nothing that it sends. */
  readonly reached: number
  /** How many at most were deleted before they were read. */
  readonly lost: number
}

export interface SinkSource {
  /** The sequence of the newest that is stored. */
  newest(stream: SinkStream): Promise<number>
  /** Where the sink begins that has no place yet. */
  beginning(stream: SinkStream, nowMs: number): Promise<number>
  /** The next items of that stretch, no more than go together. */
  read(stream: SinkStream, stretch: SinkStretch): Promise<FoundItems>
}

export interface SourceOptions {
  readonly settings: Pick<SinkSettings, 'types' | 'ocsf' | 'since' | 'batch'>
  readonly lists: SinkLists
  /** Takes a step when others have had their turns. */
  readonly inTurn: <Result>(step: () => Result) => Promise<Result>
}

/** Read at once: the body of an event may have a megabyte. */
const AT_ONCE = 100
/** Items that are made in one turn. */
const MADE_AT_ONCE = 20
/** More than that cannot have been deleted: the numbers were begun anew far beyond. */
const MOST_LOST = 1_000_000_000

/** Items of one page, and up to where it goes. */
interface ReadItems {
  readonly items: readonly PlacedItem[]
  readonly reached: number
  readonly isAll: boolean
}

interface Page<Row> {
  readonly rows: readonly Row[]
  readonly isAll: boolean
}

/** What a sink of those settings sends of those lists. */
export const createSinkSource = ({ settings, lists, inTurn }: SourceOptions): SinkSource => {
  const { ocsf, types, since, batch } = settings
  const newest = { events: lists.newest, changes: lists.newestChange }
  const standing = { events: lists.standing, changes: lists.changeStanding }
  const before = { events: lists.sequenceBefore, changes: lists.changeBefore }
  const changedRow = ocsf && createChangedRows(lists, ocsf)
  /** Up to where it was told what was deleted too early. */
  const toldLost = { events: 0, changes: 0 }

  const page = async <Row>(
    list: SinkStream,
    { connectors, until }: SinkStretch,
    after: number,
  ): Promise<Page<Row>> => {
    const filter = list === 'events' ? everything : changesWithin({ collections: types })
    const found = await lists.page({
      list,
      parts: [{ connectors, filter }],
      ordering: 'arrival',
      from: { keys: [], sequence: after },
      until: { keys: [], sequence: until + 1 },
      backward: false,
      limit: AT_ONCE,
    })
    return { rows: found.map(({ row }) => row as Row), isAll: found.length < AT_ONCE }
  }

  const events = async (stretch: SinkStretch, after: number): Promise<ReadItems> => {
    const { rows, isAll } = await page<EventRow>('events', stretch, after)
    const items = await inTurns(rows, event => ({
      ...orPlain(
        () => eventItem(event, ocsf),
        () => eventItem(event, undefined),
      ),
      sequence: event.sequence,
      storedAt: event.receivedAt * 1_000,
    }))
    return { items, isAll, reached: rows.at(-1)?.sequence ?? after }
  }

  const changes = async (stretch: SinkStretch, after: number): Promise<ReadItems> => {
    const { rows, isAll } = await page<StoredChange>('changes', stretch, after)
    if (changedRow === undefined) {
      const items = await inTurns(rows, change =>
        placed(change, { item: changeItem(change, lists.identity) }),
      )
      return { items, isAll, reached: rows.at(-1)?.sequence ?? after }
    }
    const last = lastOfEach(rows)
    // More of the last one may be on the next page.
    const whole = isAll || last.length === 1 ? last : last.slice(0, -1)
    const items: PlacedItem[] = []
    for (const change of whole) {
      const made = await changedRow(change)
      if (made !== undefined)
        items.push(
          await inTurn(() =>
            placed(
              change,
              orPlain(made, () => changeItem(change, lists.identity)),
            ),
          ),
        )
    }
    return { items, isAll, reached: whole.at(-1)?.sequence ?? after }
  }

  const inTurns = async <Row, Made>(
    rows: readonly Row[],
    make: (row: Row) => Made,
  ): Promise<readonly Made[]> => {
    const made: Made[] = []
    for (let from = 0; from < rows.length; from += MADE_AT_ONCE)
      await inTurn(() => {
        for (const row of rows.slice(from, from + MADE_AT_ONCE)) made.push(make(row))
      })
    return made
  }

  /** How many have gone of those behind that sequence, and were not told to have before. */
  const lostSince = async (stream: SinkStream, from: number): Promise<number> => {
    const { purged } = await standing[stream](from)
    const lost = purged - Math.max(from, toldLost[stream])
    if (lost <= 0) return 0
    toldLost[stream] = purged
    return lost < MOST_LOST ? lost : 1
  }

  const readItems = async (
    stream: SinkStream,
    stretch: SinkStretch,
  ): Promise<Omit<FoundItems, 'lost'>> => {
    const read = stream === 'events' ? events : changes
    const items: PlacedItem[] = []
    let bytes = 0
    for (let reached = stretch.from; ;) {
      const found = await read(stretch, reached)
      for (const one of found.items) {
        bytes += Buffer.byteLength(one.item.line)
        if (items.length > 0 && (items.length >= batch.items || bytes > batch.bytes))
          return { items, reached }
        items.push(one)
        reached = one.sequence
      }
      if (found.isAll) return { items, reached: stretch.until }
      reached = found.reached
      if (items.length >= batch.items) return { items, reached }
    }
  }

  return {
    newest: stream => newest[stream](),
    beginning: async (stream, nowMs) => {
      if (since === 'now') return newest[stream]()
      if (since === 'beginning') return (await standing[stream](0)).purged
      return before[stream]((nowMs - since) / 1_000)
    },
    read: async (stream, stretch) => ({
      ...(await readItems(stream, stretch)),
      // What went while it was read is not passed over in silence either.
      lost: await lostSince(stream, stretch.from),
    }),
  }
}

/** What nobody foresaw of one thing must not keep all behind it from being sent. */
const orPlain = (
  make: () => SinkItem,
  plain: () => SinkItem,
): Pick<PlacedItem, 'item' | 'flaw'> => {
  try {
    return { item: make() }
  } catch {
    return { item: plain(), flaw: 'No event of OCSF could be made of it' }
  }
}

const placed = (change: StoredChange, of: Pick<PlacedItem, 'item' | 'flaw'>): PlacedItem => ({
  ...of,
  sequence: change.sequence,
  storedAt: change.at * 1_000,
})
