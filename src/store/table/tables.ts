/**
 * The tables of all connectors, one for each collection that is in use. Together they keep to the memory limit: beyond
 * it the collections used least recently go.
 */
import { LRUCache } from 'lru-cache'
import type { Clock } from '../../model/clock.ts'
import { collectionNames, collections } from '../../model/collections.ts'
import type { CollectionName } from '../../model/rows.ts'
import { createClockGuard } from './clock-guard.ts'
import { createTable, type Table } from './table.ts'

export interface TablesOptions {
  readonly connectors: number
  readonly clock: Clock
  readonly maxBytes: number
}

/** What goes on with the tables of one connector. */
export interface Usage {
  /** Whether rows are being read into the table of that collection. */
  isBeingRead(name: CollectionName): boolean
  /** The table of that collection has gone. */
  onDrop(name: CollectionName): void
}

/** The tables of one connector. */
export interface TableAccess {
  table<Name extends CollectionName>(name: Name): Table<Name>
  /** The same for a look that is no use of it; undefined where nothing has been read. */
  peek(name: CollectionName): Table | undefined
}

export interface Tables {
  /** Those of one connector, made as they are asked for. */
  of(alias: string, usage: Usage): TableAccess
  /** Drops the collections used least recently, but never one that is being read or was used just now. */
  makeRoom(): void
}

/** A collection used within this time may be at work in an operation, and stays whatever it weighs. */
const IN_USE_MS = 120_000

interface Kept {
  readonly table: Table
  readonly usage: Usage
  usedAt: number
}

export const createTables = ({ connectors, clock, maxBytes }: TablesOptions): Tables => {
  const kept = new LRUCache<string, Kept>({
    // Eviction is by bytes, which grow while a table is in use; the count only has to be no limit of its own.
    max: connectors * collectionNames.length + 1,
  })
  // No other process and no earlier table has the same.
  const epoch = [clock.now(), clock.random() * 2 ** 32].map(part => Math.floor(part).toString(36))
  let epochs = 0

  const now = createClockGuard(clock, setBackTo => {
    for (const one of kept.values()) {
      one.table.notAfter(setBackTo - 1)
      one.usedAt = setBackTo
    }
  })

  return {
    of: (alias, usage) => {
      const keys = Object.fromEntries(collectionNames.map(name => [name, `${alias} ${name}`])) as {
        readonly [Name in CollectionName]: string
      }
      return {
        table: <Name extends CollectionName>(name: Name): Table<Name> => {
          const key = keys[name]
          const usedAt = now()
          const found = kept.get(key)
          if (found !== undefined) {
            found.usedAt = usedAt
            // Each is kept under its own collection's key.
            return found.table as unknown as Table<Name>
          }
          epochs += 1
          const table = createTable(name, [...epoch, epochs.toString(36)].join('.'))
          kept.set(key, { table, usage, usedAt })
          return table
        },
        peek: name => kept.peek(keys[name])?.table,
      }
    },
    makeRoom: () => {
      let bytes = [...kept.values()].reduce((sum, { table }) => sum + bytesOf(table), 0)
      for (const key of [...kept.rkeys()]) {
        if (bytes <= maxBytes) return
        const oldest = kept.peek(key)
        if (oldest === undefined) continue
        const { table, usage, usedAt } = oldest
        const isInUse = clock.now() - usedAt < IN_USE_MS
        if (isInUse || usage.isBeingRead(table.collection)) continue
        kept.delete(key)
        usage.onDrop(table.collection)
        bytes -= bytesOf(table)
      }
    },
  }
}

const bytesOf = (table: Table): number =>
  table.size * collections[table.collection].size.bytesPerRow
