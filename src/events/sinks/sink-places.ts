/** How far sinks have come, in the event file: beside what they send, so that a copy of the file has both of one moment. */
import type { DatabaseSync } from 'node:sqlite'
import type { SinkRecord } from '../../model/sinks/sink.ts'

export interface SinkPlaces {
  /** How far each sink has come. */
  sinkPlaces(): readonly SinkRecord[]
}

export interface SinkMoves {
  /**
   * Puts the record in the place of the one before, in no case of one that is further; whether it did. `holder`: whose the
   * sink must be where others might send for it.
   */
  moveSink(record: SinkRecord, holder: string): boolean
}

/** A record as its columns hold it. */
export const toSinkRecord = (row: Readonly<Record<string, unknown>>): SinkRecord => ({
  sink: String(row['sink']),
  stream: row['stream'] as SinkRecord['stream'],
  sequence: Number(row['sequence']),
  behind: JSON.parse(String(row['behind'])) as SinkRecord['behind'],
  sent: Number(row['sent']),
  quarantined: Number(row['quarantined']),
  lost: Number(row['lost']),
})

/** What reads them from that file. */
export const createSinkPlaces = (database: DatabaseSync): SinkPlaces => {
  const all = database.prepare('SELECT * FROM sink_place ORDER BY sink, stream')
  return { sinkPlaces: () => all.all().map(toSinkRecord) }
}

/** What writes them into it; the statement is prepared once. */
export const createSinkMoves = (database: DatabaseSync): SinkMoves => {
  const move = database.prepare(
    `INSERT INTO sink_place VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      ON CONFLICT DO UPDATE SET sequence = ?3, behind = ?4, sent = ?5, quarantined = ?6, lost = ?7
        WHERE sequence <= ?3`,
  )
  return {
    // One process alone holds it here, by a lock of the system (sinks/file-claims.ts).
    moveSink: ({ sink, stream, sequence, behind, sent, quarantined, lost }) =>
      Number(
        move.run(sink, stream, sequence, JSON.stringify(behind), sent, quarantined, lost).changes,
      ) > 0,
  }
}
