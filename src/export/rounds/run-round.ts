/** One round of an export: what is new or has changed, of all connectors but those that fail. */
import type { Stand } from '../checkpoint.ts'
import { ConnectorsFailedError, type Export, runExport } from '../export.ts'
import type { ExportPart } from '../part.ts'
import type { ExportWriter } from '../writer.ts'
import type { Round, Rounds } from './rounds.ts'

export interface RoundRun extends Omit<Export, 'parts' | 'writer' | 'passesFailed'> {
  /** What the round consists of. */
  readonly parts: (round: Round) => readonly ExportPart[]
  /** What writes it. */
  readonly open: (round: Round) => Promise<OpenedWriter>
  /** Milliseconds. */
  readonly now: () => number
}

export interface OpenedWriter {
  readonly writer: ExportWriter
  readonly close: () => Promise<void>
}

export interface RoundResult {
  readonly stand: Stand
  /** The connectors that could not be read to their end, which go on there in the next round; undefined where all were. */
  readonly failed: ConnectorsFailedError | undefined
}

/**
 * Begins a round, or goes on with the one that was broken off, and ends it: its files have their names then.
 *
 * @throws what ended it before that; the next one goes on there
 */
export const runRound = async (
  rounds: Rounds,
  { open, parts, now, ...terms }: RoundRun,
): Promise<RoundResult> => {
  const round = await rounds.begin(now())
  const { writer, close } = await open(round)
  let failed: ConnectorsFailedError | undefined
  try {
    try {
      await runExport({ ...terms, parts: parts(round), writer, passesFailed: true })
    } catch (error) {
      if (!(error instanceof ConnectorsFailedError)) throw error
      failed = error
      await writer.finish()
    }
  } finally {
    await close()
  }
  rounds.end(now())
  return { stand: writer.stand, failed }
}
