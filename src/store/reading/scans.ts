/** The tables of one connector, and the newest scan of each. */
import type { Clock } from '../../model/clock.ts'
import type { Notice } from '../../model/known-rows.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Call, Client } from '../../upstream/contract/contract.ts'
import type { SizesByConnector } from '../../upstream/state/sizes.ts'
import { wholeReadAt } from '../table/coverage.ts'
import type { Table } from '../table/table.ts'
import type { HeldTables, Tables } from '../table/tables.ts'
import { noteTwins } from './ambiguous-letters.ts'
import type { CaughtUp } from './catch-up.ts'
import type { KeptReading } from './kept-reading.ts'
import { createScan, type Scan } from './scan.ts'
import type { Trust } from './trust.ts'

/** Reading whole collections. */
export interface ScanAccess {
  /**
   * The scan that began at or after `notBefore` (milliseconds) and still goes on, or a new one, which takes what is kept on
   * these terms; where there are none, it reads all anew.
   */
  scan(name: CollectionName, notBefore: number, kept?: KeptReading): Scan
  /** Takes the collection in as it is kept, however old, or as it was read from `since` on (milliseconds); whether all of it is. */
  recall(name: CollectionName, call: Call, since?: number): Promise<boolean>
  /** The newest scan that is not done; it may rest. */
  scanning(name: CollectionName): Scan | undefined
}

export type Scans = HeldTables & ScanAccess

export interface ScansOptions {
  readonly alias: string
  readonly client: Client
  readonly sizes: SizesByConnector
  readonly clock: Clock
  readonly tables: Tables
  readonly trust: Trust
  /** Told of a table that has become whole. */
  readonly onWhole: CaughtUp['whole']
  /** Hears what is learnt of rows of that connector. */
  readonly onNotice?: ((connector: string, notice: Notice) => void) | undefined
}

/** Nothing has been read yet. */
export const createScans = (options: ScansOptions): Scans => {
  const { alias, client, sizes, clock, tables, trust, onWhole, onNotice } = options
  const scans = new Map<CollectionName, Scan>()
  const { table, peek, usedAt, leave } = tables.of({
    isBeingRead: name => scans.get(name)?.running === true,
    comesBack: client.kept !== undefined,
    onDrop: name => {
      // A scan that rests belongs to the table that has gone.
      scans.delete(name)
      client.rowsLeft?.()
    },
    onNotice: onNotice && (notice => onNotice(alias, notice)),
  })

  const scanning = (name: CollectionName): Scan | undefined => {
    const scan = scans.get(name)
    return scan === undefined || scan.done ? undefined : scan
  }

  const renewed = (name: CollectionName, rows: Table): void => {
    const from = wholeReadAt(rows) ?? clock.now()
    trust.renewed(name, { from, until: from + rows.wholeTookMs })
  }

  const scan: Scans['scan'] = (name, notBefore, kept) => {
    const current = scanning(name)
    if (current?.joins(notBefore) === true) return current
    const rows = table(name)
    const created = createScan({
      table: rows,
      client,
      clock,
      expected: sizes.get(name),
      compare: () => trust.compare(name, wholeReadAt(rows)),
      kept,
      onDone: size => {
        onWhole(rows)
        if (size !== undefined) sizes.set(name, size.rows, size.newest)
        noteTwins(rows, client.facts)
        renewed(name, rows)
        tables.makeRoom()
        // One that is done is of no more use, and remembers every id.
        if (scans.get(name) === created) scans.delete(name)
      },
    })
    scans.set(name, created)
    return created
  }

  const recall: Scans['recall'] = async (name, call, since) => {
    if (client.kept === undefined) return false
    const kept = { since: since ?? 0, goOnSince: 0 }
    const rows = table(name)
    const terms = { table: rows, client, clock, expected: sizes.get(name), kept }
    const onDone = (): void => {
      onWhole(rows)
      if (since !== undefined) renewed(name, rows)
    }
    const recalled = createScan({ ...terms, onDone })
    await recalled.until(() => !recalled.isKept, call)
    return recalled.done
  }

  const leaveAll = (): void => {
    scans.clear()
    leave()
  }

  return { table, peek, usedAt, leave: leaveAll, scan, scanning, recall }
}
