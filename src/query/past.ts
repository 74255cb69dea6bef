/** A part of an operation that is about a moment: what was known of its connectors then, read as those are read as they are. */
import { BadInputError } from '../errors.ts'
import type { Clock } from '../model/clock.ts'
import { collections } from '../model/collections.ts'
import { placeAt } from './operation/place.ts'
import { detailsOf } from '../model/row-changes.ts'
import type { CollectionName, Row } from '../model/rows.ts'
import { fieldOf } from '../model/values.ts'
import type { PastShare } from '../store/past/past-room.ts'
import { createPastStore, type PastRows } from '../store/past-store.ts'
import { createOperation, type Operation } from './operation/operation.ts'
import { type Memory, StoreStatistics } from './planning/statistics.ts'
import type { Demand } from './planning/step.ts'
import { createReader, type Reader, type ConnectorReaders } from './reading/reader.ts'
import type { Steps } from '../work/steps.ts'
import type { Work } from '../work/work.ts'
import type { StoredSource } from './stored/list.ts'

export type { PastRoom, PastShare } from '../store/past/past-room.ts'

export interface PastOptions {
  /** Those of the operation. */
  readonly aliases: Iterable<string>
  /** Milliseconds. */
  readonly moment: number
  /** What it is a part of. */
  readonly operation: Operation
  readonly clock: Clock
  readonly source: StoredSource
  /** Where the rows have their room. */
  readonly share: PastShare
}

export interface Past {
  readonly operation: Operation
  /** By the aliases of their connectors; each goes by the connector's name at the moment. */
  readonly readers: ConnectorReaders
}

/** A clock may be so much ahead of this one. */
const AHEAD_MS = 60_000

/** @throws BadInputError for a moment that is still to come */
export const openPast = ({
  aliases,
  moment,
  operation,
  clock,
  source,
  share,
}: PastOptions): Past => {
  if (moment > clock.now() + AHEAD_MS)
    throw new BadInputError('"at" is still to come: give a moment that has passed', 'at')
  const then = stoppedAt(moment, clock)
  const part = partOf(operation, then, operation.deadline - clock.now())
  const readerOf = (alias: string): Reader => {
    const place = placeAt(alias, moment)
    const store = createPastStore({
      alias: place,
      clock: then,
      moment,
      parsed: texts => operation.work.run(parsing(texts, operation.work)),
      rows: rowsOf(source, alias, moment, operation),
      onRows: (name, rows) => {
        share.take(rows * collections[name].size.bytesPerRow)
      },
      onUnknown: name => {
        part.noteGap(unknownObject(place, name))
      },
    })
    // The answer is volatile anyway: what it rests on need not be declared.
    const facts = new StoreStatistics(store, part, nothingSeen)
    return tellingDetails(createReader(store, part, nothingForeseen, facts), part)
  }
  return { operation: part, readers: madeOnDemand(new Set(aliases), readerOf) }
}

/** Taken to parse a character, in nanoseconds. */
const CHARACTER_NS = 6

function* parsing(texts: readonly string[], work: Work): Steps<unknown[]> {
  const rows: unknown[] = []
  for (const text of texts) {
    if (!work.spend(text.length * CHARACTER_NS)) yield
    rows.push(JSON.parse(text))
  }
  return rows
}

/** Each is made when it is asked for first: most questions are about one connector of many. */
const madeOnDemand = (
  aliases: ReadonlySet<string>,
  make: (alias: string) => Reader,
): ConnectorReaders => {
  const made = new Map<string, Reader>()
  const readerOf = (alias: string): Reader => {
    const reader = made.get(alias) ?? make(alias)
    made.set(alias, reader)
    return reader
  }
  return {
    get: alias => (aliases.has(alias) ? readerOf(alias) : undefined),
    values: () => [...aliases].map(readerOf),
  }
}

/** The same reader, which notes where it was not known then what only a read by id tells. */
const tellingDetails = (reader: Reader, part: Operation): Reader => {
  const { alias, store } = reader
  return {
    ...reader,
    detailed: async (name, id) => {
      const row = await reader.detailed(name, id)
      if (lacksDetails(name, row)) part.incomplete(unknownDetails(alias, name))
      return row
    },
    details: async (name, ids) => {
      await reader.details(name, ids)
      const table = store.table(name)
      // Who passes a filter is not known then.
      if (ids.some(id => lacksDetails(name, table.get(id))))
        part.noteGap(unknownDetails(alias, name))
    },
  }
}

const lacksDetails = (name: CollectionName, row: Row | null | undefined): boolean =>
  !!row && detailsOf(name).some(field => (fieldOf(row, field) ?? null) === null)

let stopped = 0

/** To it, it is then: ages and spans of time are counted from the moment. */
const stoppedAt = (moment: number, clock: Clock): Clock => ({
  now: () => moment,
  after: (ms, callback) => clock.after(ms, callback),
  // Tables are told apart by time and chance, and here time is the same for all.
  random: () => (clock.random() + (stopped += 1) / 2 ** 31) % 1,
})

/** To it, whatever was known then is as fresh as can be, and no request is made. */
const partOf = (whole: Operation, clock: Clock, maxWaitMs: number): Operation => {
  const { id, validity, work } = whole
  const ageless = clock.now() - 1
  const part = createOperation({
    id,
    clock,
    freshness: { maxAgeMs: ageless, staleMs: ageless },
    maxRequests: Infinity,
    maxWaitMs,
    validity,
    work,
  })
  whole.add(part)
  // What is noted later of that moment, or has to go, nobody tells of.
  validity.markVolatile()
  return part
}

/** So long before now what was read may still be on its way to the file, in milliseconds. */
const ON_ITS_WAY_MS = 120_000

const rowsOf = (
  source: StoredSource,
  alias: string,
  moment: number,
  { asked, startedAt }: Operation,
): PastRows => {
  const at = moment / 1_000
  const isLately = moment > startedAt - ON_ITS_WAY_MS
  return {
    list: async name => {
      if (!asked.includes(alias)) asked.push(alias)
      if (isLately) await source.noted()
      return source.listThen(alias, name, at)
    },
    page: (name, after, limit) => source.rowsThen(alias, name, at, after, limit),
    one: (name, id) => source.rowThen(alias, name, id, at),
  }
}

const unknownObject = (connector: string, collection: CollectionName) => ({
  code: 'NOT_KNOWN',
  message: `Objects of ${collection} were asked for of which nothing was known yet at that moment, or is known no more`,
  connector,
  collection,
})

const unknownDetails = (connector: string, collection: CollectionName) => ({
  code: 'NOT_KNOWN',
  message: `Of some ${collection} their events were not known at that moment: none had been asked for by its id since they came`,
  connector,
  collection,
})

/** Reading costs next to nothing: it is not looked ahead. */
const nothingForeseen: Demand = {
  scan: new Set(),
  ahead: new Set(),
  parallel: new Set(),
  steps: [],
  pointReads: [],
  isAtHand: false,
}

const nothingSeen: Memory = { passing: () => undefined, observedReads: () => undefined }
