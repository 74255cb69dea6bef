/** Where the parts that answer an operation note what is told of it later: in the log, and in the audit log. */
import type { OperationRecord } from '../../graphql/operation/record.ts'
import type { TracedOperation } from '../../model/tracing.ts'
import type { AppLog } from './log.ts'

/** How an operation came. */
export type OperationTransport = 'http' | 'sse' | 'websocket' | 'mcp'

/** What is told of one operation, gathered while it runs. */
export interface OperationNotes extends OperationRecord {
  log: Pick<AppLog, 'error'>
  transport?: OperationTransport
  /** The codes of its errors, each once; undefined where it had none. */
  codes?: Set<string>
  /** Its line is in the audit log already. */
  isAudited?: boolean
}

/** The same of an answer that is given once more as it was: nothing is read for it. */
export type KeptNotes = Pick<
  OperationRecord,
  | 'type'
  | 'operationName'
  | 'documentHash'
  | 'connectors'
  | 'rowsReturned'
  | 'rowsRead'
  | 'requests'
>

export const keptNotesOf = ({
  type,
  operationName,
  documentHash,
  connectors = [],
  rowsReturned = 0,
}: OperationRecord): KeptNotes => ({
  ...(type === undefined ? {} : { type }),
  operationName,
  documentHash,
  connectors,
  rowsReturned,
  rowsRead: 0,
  requests: 0,
})

/** What became of one whose caller did not wait for the answer. */
export const ABORTED = 'ABORTED'

/** Notes why something is refused, by a word of ours or of GraphQL's. */
export const noteCode = (notes: OperationNotes, code: string): void => {
  notes.codes ??= new Set()
  notes.codes.add(code)
}

interface Coded {
  readonly extensions?: Readonly<Record<string, unknown>> | undefined
}

/** The same of errors as they leave. */
export const noteErrors = (notes: OperationNotes, errors: readonly Coded[] = []): void => {
  for (const { extensions } of errors) {
    const code = extensions?.['code']
    noteCode(notes, typeof code === 'string' ? code : UNKNOWN)
  }
}

const UNKNOWN = 'INTERNAL_SERVER_ERROR'

/** UTF-16 units: callers choose these names, and each stands in many lines. */
const MAX_NAME_LENGTH = 100

/** The operation's name as it may stand in a line. */
export const shownName = ({ operationName }: OperationRecord): string | undefined =>
  operationName?.slice(0, MAX_NAME_LENGTH)

/** What a trace is told of it. */
export const tracedOf = (notes: OperationNotes, isAborted = false): TracedOperation => ({
  ...notes,
  operationName: shownName(notes),
  failure: notes.codes?.values().next().value ?? (isAborted ? ABORTED : undefined),
})
