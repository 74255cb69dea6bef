/** What a scan has brought so far, and how it goes into the table. */
import type { Clock } from '../../model/clock.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Gap } from '../../paging/gap.ts'
import { gapOf, type PageRead } from '../../paging/walk.ts'
import type { Page } from '../../upstream/contract/contract.ts'
import { wholeReadAt } from '../table/coverage.ts'
import type { Table } from '../table/table.ts'
import type { Comparison } from './trust.ts'

export interface Intake<Name extends CollectionName = CollectionName> {
  /** Milliseconds; what the scan shows is no older than this. */
  readonly startedAt: number
  readonly pages: number
  /** Rows met so far that could not be read, and why others may be missing. */
  readonly gaps: readonly Gap[]
  /** True once the last page is in and the table's coverage is renewed. */
  readonly done: boolean
  /** Takes the next page into the table; with the last one the table is whole. */
  take(page: PageRead<Name>): void
  /** Whether rows of the table would go with that page as the last; undefined where it was never whole. */
  misses(last: Page): boolean | undefined
}

export interface IntakeOptions<Name extends CollectionName> {
  readonly table: Table<Name>
  readonly clock: Clock
  /** What compares the rows that come with those that webhooks kept up to date, where they did. */
  readonly compare?: (() => Comparison | undefined) | undefined
}

/** Reports of unreadable rows kept of one scan; their number is what matters beyond. */
const MAX_REPORTS = 20

/** Nothing has come yet. */
export const createIntake = <Name extends CollectionName>({
  table,
  clock,
  compare,
}: IntakeOptions<Name>): Intake<Name> => {
  const gaps: Gap[] = []
  const comparison = compare?.()
  const begunAt = clock.now()
  const intake = { startedAt: begunAt, pages: 0, gaps, done: false }
  // Of the pages that were asked for before the scan began, the last; and of all of them.
  let newestKept = -Infinity
  let newestAt = -Infinity

  const finish = (): void => {
    const { startedAt } = intake
    intake.done = true
    // A scan that began later knows better what has gone.
    if (startedAt <= (wholeReadAt(table) ?? 0)) return
    // Rows of pages that are in, of which a part of the collection showed that they are other ones by now.
    if (table.misses(startedAt)) gaps.push('shifted')
    table.gaps = gaps
    if (comparison !== undefined) noteGone(table, startedAt, comparison)
    table.sweep(startedAt, gaps.length > 0, newestAt)
    // What is kept may have been read before the last probe that agreed.
    const isAgreed = table.whole !== undefined && table.whole > startedAt
    if (!isAgreed) table.whole = startedAt
    table.readBeforeProbes = isAgreed ? startedAt : undefined
    // What is kept took its time when it was read.
    table.wholeTookMs = clock.now() - begunAt + Math.max(0, newestKept - startedAt)
    comparison?.end(true)
  }

  return Object.assign(intake, {
    misses: ({ rows, readAt }: Page) =>
      table.whole === undefined
        ? undefined
        : table.hasOlder(Math.min(intake.startedAt, readAt), new Set(rows.map(({ id }) => id))),
    take: (page: PageRead<Name>): void => {
      if (page.readAt < begunAt) newestKept = Math.max(newestKept, page.readAt)
      newestAt = Math.max(newestAt, page.readAt)
      // An answer that somebody else asked for may be a little older than this scan.
      intake.startedAt = Math.min(intake.startedAt, page.readAt)
      table.turnPage(page.origin)
      // Read once more from its start, the list shows again what cannot be read of it.
      if (page.from.sent === 0) gaps.length = 0
      for (const row of page.rows) {
        const old = comparison === undefined ? undefined : table.get(row.id)
        table.put(row, page.readAt)
        table.place(row.id)
        comparison?.saw(row.id, old, table.get(row.id), page.readAt)
      }
      for (const { path, reason, id } of page.unreadable.slice(0, MAX_REPORTS + 1 - gaps.length))
        // Beyond that many it may be any row.
        gaps.push(
          gaps.length < MAX_REPORTS && id !== undefined ? { path, reason, id } : { path, reason },
        )
      const gap = gapOf(page)
      if (gap !== undefined && !gaps.includes(gap)) gaps.push(gap)
      intake.pages += 1
      if (page.next === undefined) finish()
    },
  })
}

/** The rows that go since no page has shown them, and no event has told of them meanwhile. */
const noteGone = (table: Table, startedAt: number, comparison: Comparison): void => {
  for (const row of table.values())
    if (table.readAt(row.id) < startedAt && table.changedAt(row.id) < startedAt)
      comparison.saw(row.id, row, undefined, startedAt)
}
