/** How far sinks have come, and which replica sends for one, in the database that replicas share. */
import type { AsyncReading, AsyncWriting } from '../../events/event-tasks.ts'
import { toSinkRecord } from '../../events/sinks/sink-places.ts'
import type { Database } from '../connecting/database.ts'
import type { Questions } from './questions.ts'

/** How far sinks have come, asked on the terms of other questions. */
export const createSinkReading = (questions: Questions): Pick<AsyncReading, 'sinkPlaces'> => ({
  sinkPlaces: terms =>
    questions.ask(terms, async query =>
      (await query('SELECT * FROM sink_place ORDER BY sink, stream')).map(toSinkRecord),
    ),
})

/** Moves places, of sinks that are that replica's alone. */
export const createSinkWriting = ({
  query,
}: Pick<Database, 'query'>): Pick<AsyncWriting, 'moveSink'> => ({
  moveSink: async ({ sink, stream, sequence, behind, sent, quarantined, lost }, holder) => {
    const [moved] = await query<{ readonly moved: boolean }>(
      'write',
      'SELECT sink_move($1, $2, $3, $4, $5, $6, $7, $8) AS moved',
      [sink, stream, sequence, JSON.stringify(behind), sent, quarantined, lost, holder],
    )
    return moved?.moved === true
  },
})

/** A replica that was taken for alive, and stands still, keeps the others waiting no longer. */
const DUTY_MS = 10_000

/** Which replica sends for a sink: that one until it has gone or stands still, then another. */
export const createSinkDuties = ({ query, replica }: Pick<Database, 'query' | 'replica'>) => ({
  holder: replica,
  /** Whether the sink is this replica's for some seconds. @throws {DatabaseUnavailable} */
  take: async (sink: string): Promise<boolean> => {
    const [duty] = await query<{ readonly mine: boolean }>(
      'step',
      'SELECT take_duty($1, $2, $3) AS mine',
      [`sink ${sink}`, replica, DUTY_MS],
    )
    return duty?.mine === true
  },
  /** It may be another's from now on. @throws {DatabaseUnavailable} */
  leave: async (sink: string): Promise<void> => {
    await query('step', 'DELETE FROM duty WHERE name = $1 AND replica = $2', [
      `sink ${sink}`,
      replica,
    ])
  },
})
