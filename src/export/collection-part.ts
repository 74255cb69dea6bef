/** One of Push's lists as a part of an export. */
import { isKeyRefusal, UpstreamRefusedError } from '../errors.ts'
import type { Clock } from '../model/clock.ts'
import { parameterOf } from '../model/collection-lookups.ts'
import type { CollectionName, Rows } from '../model/rows.ts'
import { describePagingGap, type PagingGap } from '../paging/gap.ts'
import { readPages } from '../paging/read-pages.ts'
import { type Position, type ResumePoint, START } from '../paging/resume-point.ts'
import type { KeptPages, ListSize, PageRead, Walk, WalkStand } from '../paging/walk.ts'
import { parameterFact } from '../upstream/contract/capabilities.ts'
import type { Call, Source } from '../upstream/contract/contract.ts'
import { inOrder } from './in-order.ts'
import {
  type Batch,
  type ExportItem,
  type ExportPart,
  IncompleteListError,
  type ReadTerms,
} from './part.ts'
import { createReadAgain } from './read-again.ts'
import { createDetail, type Detail } from './read-details.ts'
import type { Retry } from './retry.ts'
import { stateOf } from './state.ts'

export interface CollectionPart<Name extends CollectionName> {
  readonly connector: string
  readonly name: Name
  readonly source: Source
  /** Requests that must be under way at once for the limit, and not the way to Push, to be what holds up. */
  readonly width: () => number
  readonly range: TimeRange
  readonly retry: Retry
  readonly clock: Clock
  /** Other lists, read whole before the first object is written, of whose rows what is written tells. */
  readonly beside?: readonly CollectionName[] | undefined
  /** What is written of an object. */
  readonly toValue: (row: Rows[Name], beside: Beside) => object
  /** Where objects are written again in each state that they come to have: what tells those apart, of a row as it is listed. */
  readonly toState?: ((row: Rows[Name], beside: Beside) => object) | undefined
  /** Answers of Push that are kept will do where they were asked for at this moment (milliseconds) or later. */
  readonly keptSince?: number | undefined
}

/** The row of that list with that id; undefined where there is none, or the list was not to be read. */
export type Beside = (name: CollectionName, id: string | null) => Rows[CollectionName] | undefined

/** UNIX seconds: created not before `since`, and before `until`. */
export interface TimeRange {
  readonly since: number | undefined
  readonly until: number | undefined
}

/** Bounds may be included or not, and may be off by one. */
const BOUND_SLACK_S = 2
/** Objects between two positions where each of them costs a request. */
const DETAILED_BATCH = 20
/** A page is waited for this long before it is asked for once more. */
const PAGE_TIMEOUT_MS = 60_000

/** The list of a connector, without what was created outside the range; what has no time of creation is always in it. */
export const createCollectionPart = <Name extends CollectionName>(
  options: CollectionPart<Name>,
): ExportPart => {
  const { connector, name, source } = options
  return {
    connector,
    type: name,
    expected: () => source.sizes.get(name)?.rows,
    read: (from, reading) => readPart(options, from as ResumePoint | undefined, reading),
  }
}

async function* readPart<Name extends CollectionName>(
  options: CollectionPart<Name>,
  from: ResumePoint | undefined,
  reading: ReadTerms,
): AsyncGenerator<Batch> {
  const { name, source, range, retry, clock, toValue, toState } = options
  const call = (signal: AbortSignal): Call => ({
    owner: 'export',
    priority: 'background',
    deadline: clock.now() + PAGE_TIMEOUT_MS,
    signal,
    onRequest: reading.onRequest,
  })
  const readOne = (id: string) =>
    retry(() => source.one(name, id, call(reading.signal)), reading.signal)
  const detail = createDetail(name, source.facts, readOne, reading.onLoss)
  const beside = await readBeside(options, reading, call)
  const again = createReadAgain<Listed<Name>>(clock.now())
  const listed = (row: Rows[Name]): Listed<Name>[] => {
    const state = toState && stateOf(toState(row, beside))
    const last = state === undefined ? undefined : reading.lastState(row.id)
    // The state of what was read by id has that of the row as it was listed before its own.
    if (detail === undefined || state === undefined || last?.startsWith(state) !== true)
      return reading.isWritten(row.id, state) ? [] : [{ row, state }]
    again.note({ row, state }, last === state)
    return []
  }
  const toItem = ({ row, state }: Listed<Name>): ExportItem => ({
    id: row.id,
    value: toValue(row, beside),
    state,
  })
  async function* detailed(
    rows: readonly Listed<Name>[],
    read: Detail<Name>,
    from: Position,
  ): AsyncGenerator<Batch> {
    let items: ExportItem[] = []
    const whole = async ({ row, state }: Listed<Name>): Promise<Listed<Name>[]> => {
      const found = await read(row)
      if (state === undefined || toState === undefined) return [{ row: found, state }]
      if (found !== row) return [{ row: found, state: state + stateOf(toState(found, beside)) }]
      // What was written has as much, or more.
      return reading.lastState(row.id)?.startsWith(state) === true ? [] : [{ row, state }]
    }
    for await (const found of inOrder(rows, options.width(), whole)) {
      items.push(...found.map(toItem))
      if (items.length < DETAILED_BATCH) continue
      yield { items, met: items.length, position: from }
      items = []
    }
    if (items.length > 0) yield { items, met: items.length, position: from }
  }
  let at: Position | undefined
  let size: ListSize | undefined
  let gap: PagingGap | undefined

  for await (const page of readNarrowed(options, from, reading, call)) {
    size = page.size
    tellUnreadable(name, page, reading)
    gap = page.gap
    const fresh = page.rows.filter(row => isWithin(row, range)).flatMap(listed)
    const passedOver = page.sent - fresh.length
    const position = (at = page.next ?? page.from)
    if (detail === undefined) {
      yield { items: fresh.map(toItem), met: page.sent, position }
      continue
    }
    yield* detailed(fresh, detail, page.from)
    yield { items: [], met: passedOver, position }
  }
  // Behind everything else, since it may be broken off.
  if (detail !== undefined && at !== undefined)
    for await (const batch of detailed(again.newest(), detail, at)) yield { ...batch, met: 0 }
  // What was passed by may stand anywhere; so may what changes until the next round.
  if (gap === 'shifted' || (gap !== undefined && toState !== undefined))
    yield { items: [], met: 0, position: START }
  if (gap !== undefined) throw new IncompleteListError(`${describePagingGap(name, gap)}.`)
  if (size !== undefined && range.since === undefined && range.until === undefined)
    source.sizes.set(name, size.rows, size.newest)
}

/** A row that is to be written. */
interface Listed<Name extends CollectionName> {
  readonly row: Rows[Name]
  readonly state: string | undefined
}

/** The lists that the part needs beside its own. What of them cannot be read is told, and missing. */
const readBeside = async <Name extends CollectionName>(
  options: CollectionPart<Name>,
  reading: ReadTerms,
  call: (signal: AbortSignal) => Call,
): Promise<Beside> => {
  const lists = new Map<CollectionName, Map<string, Rows[CollectionName]>>()
  for (const name of options.beside ?? []) {
    const rows = new Map<string, Rows[CollectionName]>()
    const all = { ...options, name, range: everything } as unknown as CollectionPart<CollectionName>
    lists.set(name, rows)
    try {
      for await (const page of readNarrowed(all, undefined, reading, call)) {
        tellUnreadable(name, page, reading)
        if (page.gap !== undefined) reading.onLoss(`${describePagingGap(name, page.gap)}.`)
        for (const row of page.rows) rows.set(row.id, row)
      }
    } catch (error) {
      if (!(error instanceof UpstreamRefusedError) || !isKeyRefusal(error)) throw error
      reading.onLoss(`What tells of ${name} is missing: ${error.message}`)
    }
  }
  return (name, id) => (id === null ? undefined : lists.get(name)?.get(id))
}

const tellUnreadable = (
  name: CollectionName,
  { unreadable }: PageRead<CollectionName>,
  { onLoss }: ReadTerms,
): void => {
  for (const { path, reason } of unreadable)
    onLoss(`An object of ${name} cannot be read: ${inAnyRow(path)} ${reason}.`)
}

const everything: TimeRange = { since: undefined, until: undefined }

/** The pages of the rows in the range and perhaps others: fewer than all where Push has a parameter for that. */
async function* readNarrowed<Name extends CollectionName>(
  options: CollectionPart<Name>,
  from: ResumePoint | undefined,
  reading: ReadTerms,
  call: (signal: AbortSignal) => Call,
): AsyncGenerator<PageRead<Name>> {
  const { name, source, range, retry } = options
  // What goes on behind what another process read must not be older than that.
  const keptSince = from === undefined ? options.keptSince : undefined
  const walkWith = (parameters: Readonly<Record<string, string>>): Walk<Name> => ({
    collection: name,
    client: source,
    ask: (request, leave, notBefore) => {
      const signal = AbortSignal.any([reading.signal, leave])
      const asked = { ...request, parameters }
      return retry(() => source.page(name, asked, { ...call(signal), notBefore }), signal)
    },
    notBefore: keptSince === undefined ? undefined : () => keptSince,
    kept: keptSince === undefined ? undefined : keptPages(name, source, parameters),
    // With a parameter that narrows, nobody knows where the list ends.
    width: stand => widthAt(options, Object.keys(parameters).length === 0, stand),
    expected: Object.keys(parameters).length === 0 ? source.sizes.get(name) : undefined,
    // Whoever read what is kept went no further.
    shortIsLast: keptSince !== undefined,
    // A list may be of any size.
    remembersRows: false,
    goesBack: true,
    beginsAgain: true,
  })
  const parameter = sinceParameter(name, source, range)
  if (parameter === undefined || range.since === undefined) {
    yield* readPages(walkWith({}), from)
    return
  }
  const bound = String(Math.floor(range.since) - BOUND_SLACK_S)
  try {
    yield* readPages(walkWith({ [parameter]: bound }), from)
  } catch (error) {
    if (!(error instanceof UpstreamRefusedError && error.status === 400)) throw error
    source.facts.set(parameterFact(name, parameter), 'refused')
    yield* readPages(walkWith({}))
  }
}

/** The pages that are kept; a list of which the end is not is read on. */
const keptPages = <Name extends CollectionName>(
  name: Name,
  { kept }: Source,
  parameters: Readonly<Record<string, string>>,
): KeptPages<Name> | undefined =>
  kept && {
    goOnSince: () => 0,
    find: (request, notBefore, signal) =>
      kept(name, { ...request, parameters }, { notBefore, signal }),
  }

/** Pages to have under way; where the end is not known, what is asked for beyond it is no more than a share. */
const widthAt = <Name extends CollectionName>(
  { name, source, width }: CollectionPart<Name>,
  isWhole: boolean,
  { point, pages, inARow }: WalkStand,
): number => {
  // The first page is asked for while another part is still written: alone, and by what leads to it.
  if (point.sent === 0 || (pages === 0 && point.token !== undefined)) return 0
  const rows = isWhole ? source.sizes.get(name)?.rows : undefined
  // Pages overlap by a row.
  const left = rows === undefined ? -1 : Math.ceil((rows - point.sent) / (source.pageSize() - 1))
  if (left >= 0) return Math.min(width(), Math.max(1, left))
  return Math.min(width(), 1 + Math.floor(inARow / 4))
}

/** The parameter by which Push leaves out what was created earlier. */
const sinceParameter = (
  name: CollectionName,
  { facts }: Source,
  { since }: TimeRange,
): string | undefined => {
  if (since === undefined) return undefined
  const parameter = parameterOf(name, 'createdAt', 'gt', 'narrow')
  if (parameter === undefined) return undefined
  const verdict = facts.get(parameterFact(name, parameter))
  return verdict === undefined || verdict === 'filters' ? parameter : undefined
}

const isWithin = (row: Rows[CollectionName], { since, until }: TimeRange): boolean => {
  if (!('createdAt' in row)) return true
  return row.createdAt >= (since ?? -Infinity) && row.createdAt < (until ?? Infinity)
}

/** The same fault in other rows is the same fault. */
const inAnyRow = (path: string): string => path.replaceAll(/\[\d+\]/g, '[]')
