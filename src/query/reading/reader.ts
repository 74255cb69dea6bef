/**
 * Getting rows by id, by parent or whole, from the store where it can answer and from Push where it cannot, as cheaply
 * as can be. One reader serves one operation on one connector.
 */
import type { Filter } from '../../filter/filter.ts'
import type { CollectionName, Row, Rows } from '../../model/rows.ts'
import type { Work } from '../../work/work.ts'
import type { ConnectorStore } from '../../store/store.ts'
import type { FrozenRows } from '../../store/table/row-order.ts'
import type { Operation } from '../operation/operation.ts'
import type { Statistics } from '../planning/statistics.ts'
import type { Demand } from '../planning/step.ts'
import { Freshness } from './freshness.ts'
import { createNarrowReader, type NarrowReader } from './read-by-parameter.ts'
import { type ChildReader, createChildReader } from './read-children.ts'
import { createRowReader, type RowReader } from './read-rows.ts'
import { Scanning } from './scan-for-operation.ts'

export type { RowTexts } from '../../store/table/row-texts.ts'

export interface Reader
  extends
    RowReader,
    ChildReader,
    NarrowReader,
    Pick<
      Freshness,
      | 'covered'
      | 'scan'
      | 'revive'
      | 'goOnFollowed'
      | 'remembered'
      | 'callFor'
      | 'serveStale'
      | 'noteGaps'
    >,
    Pick<Scanning, 'whole' | 'terms'> {
  readonly alias: string
  readonly store: ConnectorStore
  /** The rows of a whole collection, as they stood when the operation first asked: all that it gives of them agrees. */
  frozen(name: CollectionName): FrozenRows<Row>
  /** Every row that is there now, in no order; one list for all who ask while none of them changes. */
  rowsNow<Name extends CollectionName>(name: Name): readonly Rows[Name][]
  /** Tells the operation how many rows all that pass the filter are. */
  passed(name: CollectionName, filter: Filter, rows: number): void
  readonly scanCost: Scanning['cost']
  readonly demand: Demand
  /** What is known of the connector, for planning. */
  readonly facts: Statistics
  /** When the operation began, in milliseconds: what an answer takes from it stands for that moment alone. */
  now(): number
  /** The operation's share of the event loop. */
  readonly work: Work
}

/** The readers of an operation, by the aliases of their connectors. */
export interface ConnectorReaders {
  get(alias: string): Reader | undefined
  values(): Iterable<Reader>
}

export const createReader = (
  store: ConnectorStore,
  operation: Operation,
  demand: Demand,
  facts: Statistics,
): Reader => {
  const freshness = new Freshness(store, operation)
  const scanning = new Scanning(store, operation, demand, freshness)
  const reading = { store, operation, freshness, scanning }
  return {
    alias: store.alias,
    store,
    ...createRowReader(reading),
    ...createChildReader(reading),
    ...createNarrowReader(reading),
    covered: name => freshness.covered(name),
    whole: name => scanning.whole(name),
    scan: (name, asWhole) => freshness.scan(name, asWhole),
    remembered: name => freshness.remembered(name),
    revive: name => freshness.revive(name),
    goOnFollowed: name => freshness.goOnFollowed(name),
    callFor: name => freshness.callFor(name),
    serveStale: (name, asOf, cause) => {
      freshness.serveStale(name, asOf, cause)
    },
    noteGaps: (name, gaps) => {
      freshness.noteGaps(name, gaps)
    },
    frozen: name =>
      operation.made.once(`frozen ${store.alias} ${name}`, (): FrozenRows<Row> =>
        store.table(name).frozen(),
      ),
    rowsNow: <Name extends CollectionName>(name: Name) => {
      const table = store.table(name)
      return operation.made.once(
        `rows ${store.alias} ${name} ${table.version}`,
        (): readonly Rows[Name][] => [...table.values()],
      )
    },
    passed: (name, filter, rows) => {
      operation.observations.observedRows(store.alias, name, filter, rows)
    },
    scanCost: name => scanning.cost(name),
    terms: () => scanning.terms(),
    demand,
    facts,
    now: () => operation.now(),
    work: operation.work,
  }
}
