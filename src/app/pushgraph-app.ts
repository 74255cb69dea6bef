/** What the app is to the command line, and to whoever else starts one. */
import type { ExecutionResult } from 'graphql'
import type { Events } from '../events/events.ts'
import type { ChangeLists } from '../export/changes/write-changes.ts'
import type { TableOf } from '../export/parquet/lake-column.ts'
import type { ExportPart } from '../export/part.ts'
import type { InProcessRequest } from '../http/in-process.ts'
import type { StandardStreams } from '../mcp/over-streams.ts'
import type { TriedSink } from '../sinks/try-sink.ts'
import type { CheckedList } from './check.ts'
import type { ExportOrder } from './exporting/export-parts.ts'

export interface Learnt {
  readonly connector: string
  readonly name: string
  readonly verdict: string
}

export interface PushgraphApp {
  /** The demo tenant is served, for want of a key. */
  readonly isDemo: boolean
  /** Of the connectors that are served at first. */
  readonly aliases: readonly string[]
  /**
   * Makes all that a server needs beside what reads and stores; whoever listens or asks has it made, too.
   *
   * @throws {ConfigError} where the listed documents do not fit the schema
   */
  prepare(): Promise<void>
  /** Listens where the settings say, and tells the address: `http://host:port`. */
  listen(): Promise<string>
  /** The answer to one operation, without HTTP. */
  execute(operation: InProcessRequest): Promise<ExecutionResult>
  /** Serves tools to the program behind those streams, until the input ends or `ended` resolves. */
  serveAgent(streams: StandardStreams, ended: Promise<unknown>): Promise<void>
  /** Requests made to Push so far. */
  requestsMade(): number
  /** What each connector's key may do, list by list. */
  check(): AsyncIterable<CheckedList>
  /** Whether each sink's receiver can be reached; nothing is sent. */
  trySinks(): AsyncIterable<TriedSink>
  /** What an export consists of, a part for each connector and type; nothing is read before the parts are. */
  parts(order: ExportOrder): readonly ExportPart[]
  /** Where what such an export writes belongs in a folder of tables. */
  tableOf(order: Pick<ExportOrder, 'ocsf' | 'changes'>): Promise<TableOf>
  /** Where stored changes are read, for an export that goes on and on; and why they cannot be now, as a sentence. */
  readonly changes: ChangeLists & Pick<Events, 'flaw'>
  /** What is known of each connector's API where Push's documentation is silent. */
  learnt(): readonly Learnt[]
  /** Does that work; it is told to who collects traces, with the requests to Push that are made for that id as parts of it. */
  traced<Result>(name: string, id: string, work: () => Promise<Result>): Promise<Result>
  /** Reads the connectors' settings again, which then hold. */
  reload(): void
  /** Says from now on that it is not ready, though it answers as before. */
  drain(): void
  /** Lets running answers finish for `withinMs`, then ends everything. */
  stop(withinMs: number): Promise<void>
}
