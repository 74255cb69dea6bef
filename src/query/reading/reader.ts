/**
 * Getting rows by id, by parent or whole, from the store where it can answer and from Push where it cannot, as cheaply
 * as can be. One reader serves one operation on one connector.
 */
import type { Filter } from '../../filter/filter.ts'
import type { Maybe } from '../../model/maybe.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Call, ConnectorStore, Scan } from '../../store/store.ts'
import type { Unreadable } from '../../paging/token-guard.ts'
import type { Terms } from '../planning/cost.ts'
import type { Demand } from '../planning/step.ts'
import type { Statistics } from '../planning/statistics.ts'
import { createFreshness } from './freshness.ts'
import type { Operation } from '../operation/operation.ts'
import { type ChildReader, createChildReader } from './read-children.ts'
import { createNarrowReader, type NarrowReader } from './read-by-parameter.ts'
import { createRowReader, type RowReader } from './read-rows.ts'
import { createScanning, type ScanCost } from './scan-for-operation.ts'
import type { TimeSlice } from '../operation/time-slice.ts'

export type { RowTexts } from '../../store/table/row-texts.ts'

export interface Reader extends RowReader, ChildReader, NarrowReader {
  readonly alias: string
  readonly store: ConnectorStore
  /** When the whole collection in the store was read, if it may be served; undefined otherwise. */
  covered(name: CollectionName): number | undefined
  /** Sees to it that the table holds the whole collection. @throws what made that impossible. */
  whole(name: CollectionName): Maybe<void>
  /** The scan that a list reads from, and the terms on which it is asked. */
  scan(name: CollectionName): Scan
  callFor(name: CollectionName): Call
  /** Tells the operation that it is served rows older than it asked for. */
  readonly serveStale: (name: CollectionName, asOf: number, cause: unknown) => void
  /** Tells the operation of rows that Push sent and nobody can read. */
  readonly noteUnreadable: (name: CollectionName, unreadable: readonly Unreadable[]) => void
  /** Tells the operation how many rows all that pass the filter are. */
  passed(name: CollectionName, filter: Filter, rows: number): void
  /** What reading the whole collection still costs. */
  scanCost(name: CollectionName): ScanCost
  terms(): Terms
  readonly demand: Demand
  /** What is known of the connector, for planning. */
  readonly facts: Statistics
  /** When the operation began, in milliseconds. */
  startedAt(): number
  /** The operation's share of the event loop. */
  readonly timeSlice: TimeSlice
}

export const createReader = (
  store: ConnectorStore,
  operation: Operation,
  demand: Demand,
  facts: Statistics,
): Reader => {
  const freshness = createFreshness(store, operation)
  const scanning = createScanning(store, operation, demand, freshness)
  const reading = { store, operation, freshness, scanning }
  return {
    alias: store.alias,
    store,
    ...createRowReader(reading),
    ...createChildReader(reading),
    ...createNarrowReader(reading),
    covered: freshness.covered,
    whole: scanning.whole,
    scan: freshness.scan,
    callFor: freshness.callFor,
    serveStale: freshness.serveStale,
    noteUnreadable: freshness.noteUnreadable,
    passed: (name, filter, rows) => {
      operation.observations.observedRows(store.alias, name, filter, rows)
    },
    scanCost: scanning.cost,
    terms: scanning.terms,
    demand,
    facts,
    startedAt: () => {
      // Another operation begins at another moment.
      operation.validity.markVolatile()
      return operation.startedAt
    },
    timeSlice: operation.timeSlice,
  }
}
