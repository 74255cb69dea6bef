/**
 * The wing that streams everything to a file: part by part, batch by batch, so that what is held at one time does not
 * grow with what is written; only the lists that others tell of are held whole.
 */
import { UpstreamInvalidError } from '../errors.ts'
import { collectionNames } from '../model/collections.ts'
import type { Position } from '../paging/resume-point.ts'

/** One kind of thing of one connector. */
export interface ExportPart {
  readonly connector: string
  /** The kind, as `--types` names it. */
  readonly type: string
  /** Things that it is thought to hold, before any are left out; undefined where nobody knows. */
  expected(): number | undefined
  /**
   * What it holds, in its own order. It reads ahead by a bounded number of requests, and stops as soon as the reader
   * does.
   *
   * @param from a position that came with one of its batches, or undefined for the start
   * @throws the failure of the source, once asking again makes no sense
   */
  read(from: Position | undefined, reading: ReadTerms): AsyncIterable<Batch>
}

/** Tells the parts of an export apart, in whichever order they stand. */
export const partKey = ({ connector, type }: Pick<ExportPart, 'connector' | 'type'>): string =>
  `${connector} ${type}`

/** All of a part is written that Push gives, and Push says, or may have, more. */
export class IncompleteListError extends UpstreamInvalidError {
  constructor(message: string) {
    super(message, 'paging.nextToken')
  }
}

/** What a part is told of those who read it. */
export interface ReadTerms {
  /** Whether the thing of that id has been written, in that state where it has one: it need not be read again. */
  isWritten(id: string, state?: string): boolean
  /** The last state in which it was written, in an earlier round too; undefined where it was not, or has none. */
  lastState(id: string): string | undefined
  readonly signal: AbortSignal
  /** Told once per request to Push. */
  readonly onRequest: () => void
  /** Told what is missing from the export, in a sentence without any of it. */
  readonly onLoss: (what: string) => void
}

export interface Batch {
  readonly items: readonly ExportItem[]
  /** Things met for these items, those that were left out among them: what tells how far the part has come. */
  readonly met: number
  /** Where to read on once these are written; what is written already may come again from there. */
  readonly position: Position
}

export interface ExportItem {
  /** Tells the things of one part apart. */
  readonly id: string
  /** What becomes of it as JSON. */
  readonly value: object
  /** A short text that is another where what is written of it would be; where absent, it is written once. */
  readonly state?: string | undefined
}

export const exportTypes = [...collectionNames, 'events', 'otherAccounts', 'otherApps'] as const
export type ExportType = (typeof exportTypes)[number]
