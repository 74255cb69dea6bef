/**
 * The tables of all connectors, one for each collection that is in use. Together they keep to the memory limit: beyond
 * it the collections used least recently go.
 */
import type { Clock } from '../../model/clock.ts'
import { collections } from '../../model/collections.ts'
import type { CollectionName } from '../../model/rows.ts'
import { createClockGuard } from './clock-guard.ts'
import type { OnNotice } from './row-notes.ts'
import { createTable, type Table } from './table.ts'

export interface TablesOptions {
  readonly clock: Clock
  readonly maxBytes: number
}

/** What goes on with the tables of one connector. */
export interface Usage {
  /** Whether rows are being read into the table of that collection. */
  isBeingRead(name: CollectionName): boolean
  /** Whether what goes is kept elsewhere, and comes back without a request. */
  readonly comesBack: boolean
  /** The table of that collection has gone. */
  onDrop(name: CollectionName): void
  /** Hears what is learnt of rows. */
  readonly onNotice?: OnNotice | undefined
}

/** The tables of one connector. */
export interface TableAccess {
  table<Name extends CollectionName>(name: Name): Table<Name>
  /** The same for a look that is no use of it; undefined where nothing has been read. */
  peek(name: CollectionName): Table | undefined
}

/** The same for as long as the connector is served. */
export interface HeldTables extends TableAccess {
  /** When that collection was last used (milliseconds); undefined where nothing of it is here. */
  usedAt(name: CollectionName): number | undefined
  /** Nobody is to ask for them any more: they count no longer, and go with whoever still holds one. */
  leave(): void
}

export interface Tables {
  /** Those of one connector, made as they are asked for. */
  of(usage: Usage): HeldTables
  /** Drops the collections used least recently, but never one that is being read, or that an operation is at work on. */
  makeRoom(): void
}

/**
 * What an operation at work has used within this time stays, whatever it weighs; no operation takes longer. So does what would
 * have to be asked of Push again.
 */
const IN_USE_MS = 120_000
/** What is kept beyond memory stays for so long after its use, for those who are no operation. */
const JUST_USED_MS = 2_000

interface Kept {
  readonly table: Table
  readonly usage: Usage
  /** Those of the connector that it is one of. */
  readonly among: Map<CollectionName, Kept>
  usedAt: number
  /** Later uses have higher numbers. */
  use: number
}

export const createTables = ({ clock, maxBytes }: TablesOptions): Tables => {
  const kept = new Set<Kept>()
  // No other process and no earlier table has the same.
  const epoch = [clock.now(), clock.random() * 2 ** 32].map(part => Math.floor(part).toString(36))
  let epochs = 0
  let uses = 0

  const now = createClockGuard(clock, setBackTo => {
    for (const one of kept) {
      one.table.notAfter(setBackTo - 1)
      one.usedAt = setBackTo
    }
  })

  return {
    of: usage => {
      const among = new Map<CollectionName, Kept>()
      let hasLeft = false
      return {
        table: <Name extends CollectionName>(name: Name): Table<Name> => {
          const usedAt = now()
          uses += 1
          const found = among.get(name)
          if (found !== undefined) {
            found.usedAt = usedAt
            found.use = uses
            // Each is kept under its own collection's name.
            return found.table as unknown as Table<Name>
          }
          epochs += 1
          const table = createTable(name, [...epoch, epochs.toString(36)].join('.'), usage.onNotice)
          const made = { table, usage, among, usedAt, use: uses }
          among.set(name, made)
          if (!hasLeft) kept.add(made)
          return table
        },
        peek: name => among.get(name)?.table,
        usedAt: name => among.get(name)?.usedAt,
        leave: () => {
          hasLeft = true
          for (const one of among.values()) {
            kept.delete(one)
            one.table.leave()
          }
          among.clear()
        },
      }
    },
    makeRoom: () => {
      let bytes = 0
      for (const { table } of kept) bytes += bytesOf(table)
      if (bytes <= maxBytes) return
      for (const oldest of [...kept].sort((a, b) => a.use - b.use)) {
        if (bytes <= maxBytes) return
        const { table, usage, among, usedAt } = oldest
        const mayGo = usage.comesBack && table.users === 0
        const isInUse = clock.now() - usedAt < (mayGo ? JUST_USED_MS : IN_USE_MS)
        if (isInUse || usage.isBeingRead(table.collection)) continue
        kept.delete(oldest)
        among.delete(table.collection)
        usage.onDrop(table.collection)
        table.leave()
        bytes -= bytesOf(table)
      }
    },
  }
}

const bytesOf = (table: Table): number =>
  table.size * collections[table.collection].size.bytesPerRow
