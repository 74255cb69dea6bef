/**
 * The audit log: one line for each operation that somebody asks for, whatever becomes of it, and one for each change. What
 * is told are names, numbers and hashes: no value of a variable, a document, a row or a message.
 */
import type { Clock } from '../../model/clock.ts'
import { AuditFile, type AuditFileState } from './audit-file.ts'
import type { AppLog } from './log.ts'
import { ABORTED, type OperationNotes, shownName } from './operation-notes.ts'

/** What is told of an operation. */
export interface OperationEntry {
  readonly audit: 'operation'
  readonly requestId: string
  /** The name that the caller has proved, else the address that it asks from. */
  readonly caller: string
  readonly transport: string
  /** `query`, `mutation` or `subscription`; null where it was refused before anybody knew. */
  readonly type: string | null
  readonly operationName: string | null
  /** SHA-256 of the document's text in hexadecimal digits; null where it was refused before it was read. */
  readonly documentHash: string | null
  readonly connectors: readonly string[]
  readonly rowsReturned: number
  readonly rowsRead: number
  readonly requests: number
  /** `ok`, the code of its first error, or `ABORTED` where its caller did not wait for the answer. */
  readonly outcome: string
  /** All codes, where it had errors. */
  readonly codes?: readonly string[]
  readonly ms: number
  /** Where traces are collected. */
  readonly traceId?: string
}

/** What is told of a change. */
export interface WriteEntry {
  readonly requestId: string | undefined
  readonly caller: string
  readonly mutation: string
  readonly connector: string | null
  /** The type of the object. */
  readonly type: string | null
  /** SHA-256 of the object's id; null where none was given, or it was not looked at. */
  readonly objectHash: string | null
  readonly outcome: string
}

/** How an operation ended. */
export interface AuditedEnd {
  readonly caller: string
  readonly ms: number
  readonly isAborted?: boolean
}

export interface AuditLog {
  /** Lines are among those of the log, where the line of a request can be one. */
  readonly isInLog: boolean
  /**
   * What is to be told of an operation that is over; undefined where that was asked for before. Of changes in it that did
   * not begin it is told at once.
   */
  entryOf(notes: OperationNotes, end: AuditedEnd): OperationEntry | undefined
  tell(entry: OperationEntry): void
  /** Tells of an operation, unless that was done before. */
  operation(notes: OperationNotes, end: AuditedEnd): void
  write(entry: WriteEntry): void
  /** @throws the system's error where it cannot be written */
  open(): Promise<void>
  /** Opens the file again, which may have been moved away. */
  reopen(): void
  close(): Promise<void>
  state(): AuditFileState
}

export interface AuditOptions {
  readonly log: Pick<AppLog, 'info'>
  readonly clock: Pick<Clock, 'now'>
  /** Hears that it cannot be written, once; without an error, that it can again. */
  readonly onProblem: (message: string, error: unknown) => void
}

/** Undefined where nothing is to be told. */
export const createAudit = (
  place: 'log' | 'off' | { readonly file: string },
  options: AuditOptions,
): AuditLog | undefined => {
  if (place === 'off') return undefined
  const { log, clock, onProblem } = options
  const file = place === 'log' ? undefined : new AuditFile(place.file, onProblem)

  const tell = (entry: OperationEntry | ({ readonly audit: 'write' } & WriteEntry)): void => {
    if (file === undefined) log.info(entry, entry.audit)
    else file.write(`${JSON.stringify({ time: new Date(clock.now()).toISOString(), ...entry })}\n`)
  }

  /** Changes that were refused before any of them began leave lines all the same. */
  const tellNotBegun = ({ requestId, notBegun = [] }: OperationNotes, entry: OperationEntry) => {
    const { caller, outcome } = entry
    const unknown = { connector: null, type: null, objectHash: null }
    for (const mutation of notBegun)
      tell({ audit: 'write', requestId, caller, mutation, ...unknown, outcome })
  }

  const entryOf: AuditLog['entryOf'] = (notes, end) => {
    if (notes.isAudited === true) return undefined
    notes.isAudited = true
    const entry = toEntry(notes, end)
    tellNotBegun(notes, entry)
    return entry
  }

  return {
    isInLog: file === undefined,
    entryOf,
    tell,
    operation: (notes, end) => {
      const entry = entryOf(notes, end)
      if (entry !== undefined) tell(entry)
    },
    write: entry => tell({ audit: 'write', ...entry }),
    open: async () => file?.open(),
    reopen: () => file?.reopen(),
    close: async () => file?.close(),
    state: () => file?.state() ?? { lost: 0, isFailing: false },
  }
}

const toEntry = (notes: OperationNotes, { caller, ms, isAborted }: AuditedEnd): OperationEntry => {
  const codes = notes.codes === undefined ? undefined : [...notes.codes]
  return {
    audit: 'operation',
    requestId: notes.requestId,
    caller,
    transport: notes.transport ?? 'http',
    type: notes.type ?? null,
    operationName: shownName(notes) ?? null,
    documentHash: notes.documentHash ?? null,
    connectors: notes.connectors ?? [],
    rowsReturned: notes.rowsReturned ?? 0,
    rowsRead: notes.rowsRead ?? 0,
    requests: notes.requests ?? 0,
    outcome: codes?.[0] ?? (isAborted === true ? ABORTED : 'ok'),
    ...(codes === undefined ? {} : { codes }),
    ms: Math.round(ms),
    ...(notes.trace === undefined ? {} : { traceId: notes.trace.traceId }),
  }
}
