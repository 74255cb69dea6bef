/**
 * Who is next: interactive before background; within a priority the owners take turns, so that a long scan does
 * not stand before a single look-up, and whoever comes anew is before the one who has just been served; within an
 * owner in the order of arrival.
 */
import type { Priority } from '../contract/contract.ts'

export interface Waiting {
  readonly owner: string
  readonly priority: Priority
}

export interface FairQueue<Entry extends Waiting> {
  readonly size: number
  /** How many of them are interactive. */
  readonly urgent: number
  add(entry: Entry): void
  /** Takes the entry out, wherever it stands; its priority must be the one it was added with. */
  remove(entry: Entry): void
  /** Takes the entry out whose turn it is. */
  next(): Entry | undefined
  /** How many would be served before one more of this owner and priority. */
  ahead(newcomer: Waiting): number
  /** How many are served before this entry, if nobody else comes. */
  before(entry: Entry): number
  /** All entries, in no particular order. */
  entries(): IterableIterator<Entry>
}

/** An empty queue. */
export const createFairQueue = <Entry extends Waiting>(): FairQueue<Entry> => {
  // Owners in the order of their turns; each with its entries, never none.
  const lanes = {
    interactive: new Map<string, Entry[]>(),
    background: new Map<string, Entry[]>(),
  }
  /** Who was served last. If they wait again they are at the end. */
  const last = { interactive: '', background: '' }
  let size = 0

  const serve = (priority: Priority): Entry | undefined => {
    const lane = lanes[priority]
    for (const [owner, entries] of lane) {
      const entry = entries.shift()
      last[priority] = owner
      lane.delete(owner)
      if (entries.length > 0) lane.set(owner, entries)
      size -= 1
      return entry
    }
    return undefined
  }

  const begin = (entry: Entry): void => {
    const lane = lanes[entry.priority]
    const served = lane.get(last[entry.priority])
    lane.delete(last[entry.priority])
    lane.set(entry.owner, [entry])
    if (served !== undefined) lane.set(last[entry.priority], served)
  }

  /** How many entries are served before the one at `index` of its owner. */
  const served = ({ owner, priority }: Waiting, index: number): number => {
    let count = priority === 'background' ? sum(lanes.interactive) : 0
    const isNew = !lanes[priority].has(owner)
    let ownTurnPassed = false
    for (const [other, entries] of lanes[priority]) {
      if (other === owner || (isNew && other === last[priority])) ownTurnPassed = true
      if (other !== owner) count += Math.min(entries.length, ownTurnPassed ? index : index + 1)
    }
    return count + index
  }

  return {
    get size() {
      return size
    },
    get urgent() {
      return sum(lanes.interactive)
    },
    add: entry => {
      const entries = lanes[entry.priority].get(entry.owner)
      if (entries === undefined) begin(entry)
      else entries.push(entry)
      size += 1
    },
    remove: entry => {
      const lane = lanes[entry.priority]
      const entries = lane.get(entry.owner)
      const index = entries?.indexOf(entry) ?? -1
      if (entries === undefined || index < 0) return
      entries.splice(index, 1)
      if (entries.length === 0) lane.delete(entry.owner)
      size -= 1
    },
    next: () => serve('interactive') ?? serve('background'),
    ahead: newcomer => served(newcomer, lanes[newcomer.priority].get(newcomer.owner)?.length ?? 0),
    before: entry => served(entry, lanes[entry.priority].get(entry.owner)?.indexOf(entry) ?? 0),
    *entries() {
      for (const lane of [lanes.interactive, lanes.background])
        for (const entries of lane.values()) yield* entries
    },
  }
}

const sum = (lane: ReadonlyMap<string, readonly unknown[]>): number => {
  let count = 0
  for (const entries of lane.values()) count += entries.length
  return count
}
