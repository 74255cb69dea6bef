/**
 * Questions as the data source Infinity asks them, by its backend parser. Grafana publishes no types of them.
 *
 * @see https://github.com/grafana/grafana-infinity-datasource/blob/v3.11.1/pkg/models/query.go
 */
import { parametersOf } from './documents.ts'

/** As provisioning/datasources/pushgraph.yaml has it. */
export const DATA_SOURCE = { type: 'yesoreyeram-infinity-datasource', uid: 'pushgraph' }

/** How a value is read. */
export type ColumnKind = 'string' | 'number' | 'timestamp'

export interface Column {
  /** Where the value is, below the root: names and places, with dots between them. */
  readonly selector: string
  readonly text: string
  readonly type: ColumnKind
}

/** One column: what it is called, where its value is, and what it is. */
export const column = (text: string, selector: string, type: ColumnKind = 'string'): Column => ({
  selector,
  text,
  type,
})

export interface Question {
  /** The name of the operation in documents/. */
  readonly operation: string
  /** Where the rows are in the answer; the whole answer is one row where it is empty. JSONata, or a path with dots. */
  readonly root: string
  /** Where there are none, the root itself is the value. */
  readonly columns?: readonly Column[]
  /** `timeseries` makes a series for each value of a text column. */
  readonly format?: 'table' | 'timeseries' | 'dataframe'
  readonly refId?: string
}

/** A type, not an interface: Grafana's own types take any object with texts for names. */
export type InfinityQuery = {
  refId: string
  datasource: typeof DATA_SOURCE
  type: 'json'
  source: 'url'
  parser: 'backend'
  format: string
  url: string
  url_options: { method: 'GET'; data: ''; params: { key: string; value: string }[] }
  root_selector: string
  columns: Column[]
  filters: []
}

export const query = ({
  operation,
  root,
  columns = [],
  format = 'table',
  refId = 'A',
}: Question): InfinityQuery => ({
  refId,
  datasource: DATA_SOURCE,
  type: 'json',
  source: 'url',
  parser: 'backend',
  format,
  url: '/graphql',
  url_options: { method: 'GET', data: '', params: [...parametersOf(operation)] },
  root_selector: root,
  columns: [...columns],
  filters: [],
})
