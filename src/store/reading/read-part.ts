/** Reading the pages of a question with a parameter: fewer rows than all, if the parameter does what we think. */
import { UpstreamRefusedError } from '../../errors.ts'
import type { CollectionName, Row, Rows } from '../../model/rows.ts'
import type { Call, Client } from '../../upstream/contract/contract.ts'
import type { Table } from '../table/table.ts'
import { type Gap, isUnreadable } from '../../paging/gap.ts'
import { laterOf } from './read-page.ts'
import { createPageWalker } from '../../paging/page-walker.ts'
import { type ResumePoint, START } from '../../paging/resume-point.ts'
import type { PageRead } from '../../paging/walk.ts'
import { parameterFact } from '../../upstream/contract/capabilities.ts'

export interface NarrowedRead<Name extends CollectionName> {
  readonly table: Table<Name>
  readonly parameter: string
  readonly value: string
  /** False for a row that should not have come: the parameter does not filter. */
  readonly belongs: (row: Rows[Name]) => boolean
  readonly call: Call
}

export interface PartRead {
  /** Milliseconds: what came is no older than this. */
  readonly asOf: number
  /** What may be missing from it. */
  readonly gaps: readonly Gap[]
  /** Whether that row came. */
  readonly hasMet: (id: string) => boolean
}

/**
 * Reads all pages into the table. Undefined as soon as the answer shows that the parameter does not filter, or Push
 * refuses it at its first use; the verdict is kept.
 */
export const readPart = async <Name extends CollectionName>(
  client: Client,
  { table, parameter, value, belongs, call }: NarrowedRead<Name>,
): Promise<PartRead | undefined> => {
  const { collection } = table
  const fact = parameterFact(collection, parameter)
  const parameters = { [parameter]: value }
  const walker = createPageWalker({
    collection,
    client,
    ask: (request, _signal, notBefore) =>
      client.page(
        collection,
        { ...request, parameters },
        { ...call, notBefore: laterOf(call, notBefore) },
      ),
    notBefore: () => -Infinity,
    width: () => 0,
    shortIsLast: true,
    remembersRows: true,
    goesBack: false,
    beginsAgain: true,
  })
  const gaps: Gap[] = []
  let asOf = Infinity
  let next: ResumePoint | undefined = START
  try {
    while (next !== undefined) {
      const page: PageRead<Name> = await walker.next()
      asOf = Math.min(asOf, page.readAt)
      gaps.push(...page.unreadable)
      if (page.gap !== undefined) gaps.push(page.gap)
      for (const row of page.rows) table.put(row, page.readAt)
      if (!page.rows.every(belongs)) {
        client.facts.set(fact, 'ignored')
        return undefined
      }
      // No row at all is an answer too: a parameter that is passed over brings rows of other values.
      if (client.facts.get(fact) !== 'filters') client.facts.set(fact, 'filters')
      next = page.next
    }
  } catch (error) {
    const first = next === START && client.facts.get(fact) === undefined
    if (!first || !(error instanceof UpstreamRefusedError) || error.status !== 400) throw error
    client.facts.set(fact, 'refused')
    return undefined
  }
  return { asOf, gaps, hasMet: id => walker.met.hasMet(id) }
}

/**
 * Drops the rows that should have come and did not: deleted, or changed so that they no longer belong. What may have come
 * and could not be read stays.
 */
export const forget = (
  table: Table,
  expected: readonly Row[],
  { asOf, gaps }: Pick<PartRead, 'asOf' | 'gaps'>,
): void => {
  const unread = new Set(gaps.map(gap => (isUnreadable(gap) ? gap.id : undefined)))
  if (unread.has(undefined)) return
  const gone = expected.filter(({ id }) => table.readAt(id) < asOf && !unread.has(id))
  table.forget(gone, asOf)
  // One that changed would now be missing from what was known as the whole.
  if (gone.length > 0) table.whole = table.readBeforeProbes = undefined
}
