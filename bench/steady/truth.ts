/** What the counts of a dashboard are at each moment, by the stand-in itself. */
import type { PastChange, PushData, PushRows } from '../../src/demo/stand-in.ts'
import type { CollectionName } from '../../src/model/rows.ts'

interface Count<Name extends CollectionName> {
  readonly collection: Name
  /** The filter of the graph, and the same said once more of a row as Push has it. */
  readonly filter: string
  readonly holds: (row: PushRows[Name]) => boolean
}

const count = <Name extends CollectionName>(
  collection: Name,
  filter: string,
  holds: (row: PushRows[Name]) => boolean,
): Count<Name> => ({ collection, filter, holds })

const counts = [
  count('employees', '{ licensed: { eq: true } }', ({ licensed }) => licensed),
  count('accounts', '{ mfaRegistered: { eq: false } }', row => row.mfaRegistered === false),
  count('apps', '{ approvalStatus: { eq: APPROVED } }', row => row.approvalStatus === 'APPROVED'),
  count('browsers', '{ isActive: { eq: true } }', ({ isActive }) => isActive),
  count('findings', '{ state: { eq: OPEN } }', ({ state }) => state === 'OPEN'),
  count('detections', '{ archived: { eq: false } }', ({ archived }) => !archived),
] as const

/** The six counts as one query; the answer has a `totalCount` for each name here. */
export const DASHBOARD = `{ ${counts
  .map(({ collection, filter }) => `${collection}(filter: ${filter}) { totalCount }`)
  .join(' ')} }`

export const countNames: readonly CollectionName[] = counts.map(({ collection }) => collection)

/** A count that held from that moment (milliseconds) on. */
interface Held {
  readonly from: number
  readonly value: number
}

export interface Truth {
  /** Takes in all changes so far; those that it knows are not counted again. */
  learn(changes: readonly PastChange[]): void
  /**
   * How long ago that count was last right at `now` (milliseconds), where it was right at no moment since `asked`;
   * 0 where it was. A count that never was right counts from the beginning.
   */
  wrongFor(name: CollectionName, value: number, asked: number, now: number): number
}

/** The data is as it is from `begun` on (milliseconds), until changes are learnt. */
export const createTruth = (data: PushData, begun: number): Truth => {
  const held = new Map<CollectionName, Held[]>(
    counts.map(of => [of.collection, [{ from: begun, value: countIn(data, of.collection) }]]),
  )

  let learnt = 0

  return {
    learn: changes => {
      const news = changes.slice(learnt)
      learnt = changes.length
      for (const { collection, old, new: now, at } of news) {
        const of = counts.find(one => one.collection === collection)
        const known = held.get(collection)
        const last = known?.at(-1)
        if (of === undefined || known === undefined || last === undefined) continue
        const holds = of.holds as (row: PushRows[CollectionName]) => boolean
        const value =
          last.value + Number(now !== null && holds(now)) - Number(old !== null && holds(old))
        if (value !== last.value) known.push({ from: at, value })
      }
    },
    wrongFor: (name, value, asked, now) => {
      const known = held.get(name) ?? []
      for (let index = known.length - 1; index >= 0; index--) {
        const until = known[index + 1]?.from ?? Infinity
        if (known[index]?.value === value) return until >= asked ? 0 : now - until
      }
      return now - begun
    },
  }
}

/** The count of that collection in that data. */
export const countIn = (data: PushData, name: CollectionName): number => {
  const of = counts.find(({ collection }) => collection === name)
  const rows: readonly PushRows[CollectionName][] = data[name]
  return rows.filter(of?.holds as (row: PushRows[CollectionName]) => boolean).length
}
