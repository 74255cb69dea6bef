/** What becomes known of one operation on its way, for whoever keeps account of it: no value, and nothing of a row. */
import type { Summary } from '../../loaders/loaders.ts'
import type { OpenedRequest } from '../../loaders/open-request.ts'
import type { OperationTrace } from '../../model/tracing.ts'

export interface OperationRecord {
  /** What all that is told of its request is found by. */
  readonly requestId: string
  type?: 'query' | 'mutation' | 'subscription'
  /** Its own name, as its document has it. */
  operationName?: string | undefined
  /** Of its document's text: SHA-256 in hexadecimal digits. */
  documentHash?: string | undefined
  /** The aliases of the connectors that it asked. */
  connectors?: readonly string[]
  rowsReturned?: number
  rowsRead?: number
  /** Those to Push. */
  requests?: number
  /** While it runs: what it has cost so far, its plan, and whom it asks. */
  soFar?: Pick<OpenedRequest, 'summary' | 'plan' | 'asked'> | undefined
  /** Where traces are collected. */
  trace?: OperationTrace | undefined
  /** The root fields of a mutation that has not begun, each once, by their own names. */
  notBegun?: readonly string[] | undefined
}

/** What the operation cost becomes part of its record. */
export const recordCost = (
  record: OperationRecord | undefined,
  asked: readonly string[],
  { rowsReturned, rowsRead, requests }: Summary,
): void => {
  if (record === undefined) return
  record.soFar = undefined
  record.connectors = asked
  record.rowsReturned = rowsReturned
  record.rowsRead = rowsRead
  record.requests = requests
}
