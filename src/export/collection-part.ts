/** One of Push's lists as a part of an export. */
import { UpstreamRefusedError } from '../errors.ts'
import { collections } from '../model/collections.ts'
import type { CollectionName, Rows } from '../model/rows.ts'
import { createDetail } from './read-details.ts'
import { inOrder } from './in-order.ts'
import { readPages } from '../paging/pages.ts'
import type { Batch, ExportItem, ExportPart, ReadTerms } from './part.ts'
import type { Retry } from './retry.ts'
import { type ResumePoint, START, type PageRead } from '../paging/resume-point.ts'
import type { Page, PageRequest, Source } from './source.ts'

export interface CollectionPart<Name extends CollectionName> {
  readonly name: Name
  readonly source: Source
  readonly range: TimeRange
  readonly retry: Retry
  /** What is written of an object. */
  readonly toValue: (row: Rows[Name]) => object
}

/** UNIX seconds: created not before `since`, and before `until`. */
export interface TimeRange {
  readonly since: number | undefined
  readonly until: number | undefined
}

/** Bounds may be included or not, and may be off by one. */
const BOUND_SLACK_S = 2
/** Objects between two positions where each of them costs a request. */
const DETAILED_BATCH = 20

/** The list of a connector, without what was created outside the range; what has no time of creation is always in it. */
export const createCollectionPart = <Name extends CollectionName>(
  options: CollectionPart<Name>,
): ExportPart => {
  const { name, source } = options
  return {
    connector: source.connector,
    type: name,
    expected: () => source.expectedRows(name),
    read: (from, reading) => readPart(options, from as ResumePoint | undefined, reading),
  }
}

async function* readPart<Name extends CollectionName>(
  options: CollectionPart<Name>,
  from: ResumePoint | undefined,
  reading: ReadTerms,
): AsyncGenerator<Batch> {
  const { name, source, range, toValue } = options
  const detail = createDetail(options, reading)
  const toItem = (row: Rows[Name]): ExportItem => ({ id: row.id, value: toValue(row) })
  let sent = 0

  for await (const turned of readNarrowed(options, from, reading)) {
    sent += turned.sent
    for (const { path, reason } of turned.unreadable)
      reading.onLoss(`An object of ${name} cannot be read: ${inAnyRow(path)} ${reason}.`)
    const fresh = turned.rows.filter(row => isWithin(row, range) && !reading.isWritten(row.id))
    const passedOver = turned.sent - fresh.length
    const position = turned.next ?? turned.place
    if (detail === undefined) {
      yield { items: fresh.map(toItem), met: turned.sent, position }
      continue
    }
    let items: ExportItem[] = []
    for await (const row of inOrder(fresh, source.width(), detail)) {
      items.push(toItem(row))
      if (items.length < DETAILED_BATCH) continue
      yield { items, met: items.length, position: turned.place }
      items = []
    }
    yield { items, met: items.length + passedOver, position }
  }
  if (from === undefined && range.since === undefined && range.until === undefined)
    source.readWhole(name, sent)
}

/** The pages of the rows in the range and perhaps others: fewer than all where Push has a parameter for that. */
async function* readNarrowed<Name extends CollectionName>(
  { name, source, range, retry }: CollectionPart<Name>,
  from: ResumePoint | undefined,
  { signal, onRequest }: ReadTerms,
): AsyncGenerator<PageRead<Name>> {
  const ask = (request: PageRequest, asking: AbortSignal): Promise<Page<Name>> =>
    retry(() => source.page(name, request, { signal: asking, onRequest }), asking)
  const walk = { name, source, ask, signal }
  const parameter = parameterOf(name, source, range)
  if (parameter === undefined || range.since === undefined) {
    yield* readPages({ ...walk, parameters: {} }, from)
    return
  }
  const bound = String(Math.floor(range.since) - BOUND_SLACK_S)
  try {
    yield* readPages({ ...walk, parameters: { [parameter]: bound } }, from)
  } catch (error) {
    if (!(error instanceof UpstreamRefusedError && error.status === 400)) throw error
    source.refusesParameter(name, parameter)
    yield* readPages({ ...walk, parameters: {} }, START)
  }
}

/** The parameter by which Push leaves out what was created earlier. */
const parameterOf = (
  name: CollectionName,
  source: Source,
  range: TimeRange,
): string | undefined => {
  if (range.since === undefined) return undefined
  const pushdown = collections[name].pushdown.find(
    ({ field, operator, trusted }) => field === 'createdAt' && operator === 'gt' && trusted,
  )
  return pushdown !== undefined && source.narrowsBy(name, pushdown.parameter)
    ? pushdown.parameter
    : undefined
}

const isWithin = (row: Rows[CollectionName], { since, until }: TimeRange): boolean => {
  if (!('createdAt' in row)) return true
  return row.createdAt >= (since ?? -Infinity) && row.createdAt < (until ?? Infinity)
}

/** The same fault in other rows is the same fault. */
const inAnyRow = (path: string): string => path.replaceAll(/\[\d+\]/g, '[]')
