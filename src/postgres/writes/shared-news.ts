/**
 * What replicas had Push change, told to each other through the database. A call holds a number alone; what was changed, which
 * may name persons, stands in a table for some minutes. Who was away for a moment makes up for it.
 */
import { createSeals, openText, sealText } from '../../answers/sealing.ts'
import { createOutage } from '../../model/outage.ts'
import type { WriteNews, Written } from '../../writes/news.ts'
import type { Database } from '../connecting/database.ts'

export interface SharedNewsOptions {
  readonly database: Pick<Database, 'query' | 'on' | 'replica' | 'clock'>
  /** As those of answers; what none of them opens is not heard, which is told. Nothing is sealed where absent. */
  readonly dataKeys?: readonly Uint8Array[]
  readonly onProblem?: (message: string, error: unknown) => void
}

const CHANNEL = 'written'
/** Who was away for longer has read all anew by then. */
const KEPT_MS = 600_000
/** How often is looked where no call comes, as behind a pooler; what was told so long ago has been seen by then. */
const LOOK_MS = 1_000
const LOOKED_AT_MS = 10_000

interface WrittenRow {
  readonly sequence: number
  readonly at: number
  readonly connector: string
  readonly change: string
}

export const openSharedNews = ({
  database,
  dataKeys = [],
  onProblem,
}: SharedNewsOptions): WriteNews => {
  const { query, replica, clock } = database
  const seals = createSeals(dataKeys)
  const outage = createOutage(
    {
      failing:
        'Replicas cannot tell each other what they changed: some may show it only when they read it',
      over: 'Replicas tell each other what they change again',
    },
    onProblem,
  )
  const stranger = createOutage(
    {
      failing:
        'What another replica changed is shown here only when it is read: no key of PUSHGRAPH_DATA_KEY_FILE opens what was told of it',
    },
    onProblem,
  )
  const listeners = new Set<(connector: string, written: Written) => void>()
  const heard = createHeard()
  let isClosed = false
  let stopTimer = (): void => undefined

  const take = async (
    which: string,
    value: unknown,
    failed: (error: unknown) => void = outage.failed,
  ): Promise<void> => {
    try {
      const rows = await query<WrittenRow>(
        'step',
        `SELECT sequence, at, connector, change FROM written WHERE replica <> $1 AND ${which} ORDER BY sequence`,
        [replica, value],
      )
      outage.worked()
      for (const row of rows.filter(heard.isNew)) {
        heard.add(row)
        const { connector, change } = row
        const text = openText(seals, change, placeOf(connector))
        if (text === undefined) {
          stranger.failed(new Error('No data key of this replica opens it'))
          continue
        }
        const written = JSON.parse(text) as Written
        for (const listener of listeners) listener(connector, written)
      }
    } catch (error) {
      if (!isClosed) failed(error)
    }
  }
  const end = database.on(CHANNEL, number => {
    // Without a number, some may have been missed.
    if (number === undefined) void take('at > ms() - $2', KEPT_MS)
    else void take('sequence = $2', number)
  })
  const lookLater = (): void => {
    stopTimer = clock.after(LOOK_MS, () => {
      // The next time is soon enough to be worth no word.
      void take('at > ms() - $2', LOOKED_AT_MS, () => undefined).then(() => {
        if (!isClosed) lookLater()
      })
    })
  }
  lookLater()

  return {
    tell: (connector, written) => {
      query('step', 'SELECT tell_written($1, $2, $3, $4)', [
        replica,
        connector,
        sealText(seals, JSON.stringify(written), placeOf(connector)),
        KEPT_MS,
      ]).then(outage.worked, outage.failed)
    },
    on: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => {
      isClosed = true
      stopTimer()
      end()
    },
  }
}

const placeOf = (connector: string): string => `written ${connector}`

/** More changes than anybody makes in that time. */
const MOST_HEARD = 10_000

/** Which have been heard, the newest of them. After a crash of the database numbers are given again, at another time. */
const createHeard = () => {
  const rows = new Set<string>()
  const nameOf = ({ sequence, at }: WrittenRow): string => `${sequence} ${at}`
  return {
    isNew: (row: WrittenRow): boolean => !rows.has(nameOf(row)),
    add: (row: WrittenRow): void => {
      rows.add(nameOf(row))
      if (rows.size <= MOST_HEARD) return
      const [oldest] = rows
      if (oldest !== undefined) rows.delete(oldest)
    },
  }
}
