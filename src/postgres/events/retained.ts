/**
 * Which events are within their time. Those past it are there until the tables of their stretch of time go as wholes, and no question
 * finds them. Each replica knows how the store has it: any puts it further now and then.
 */
import { type NewEvent, TOLERANCE_SECONDS } from '../../model/events.ts'
import type { Query } from '../connecting/pools.ts'
import type { Bind } from './statement-values.ts'

export interface RetainedEvents {
  /** Holds for rows of `event` that are within their time. */
  condition(bind: Bind): string
  /** Holds for them too, by when they came: an index on that begins behind those past their time. */
  arrival(bind: Bind): string
  /** How the store has it, which `ask` finds out; what that comes to. What is seen meanwhile may have been stored after the answer. */
  learn<Time extends OverTime>(ask: () => Promise<Time>): Promise<Time>
  /** It was stored just now, be it long after it happened. */
  saw(event: Pick<NewEvent, 'occurredAt'>): void
}

/** What happened before the one moment and came before the other is past its time (UNIX seconds). */
export interface OverTime {
  readonly over_at: number
  readonly over_came_at: number
  /** Whether some that happened before came since. */
  readonly over_late: boolean
}

/** What is asked of the store for `learn`. */
export const OVER_TIME = 'over_at, over_came_at, over_late'

export const createRetainedEvents = (): RetainedEvents => {
  let time: OverTime = { over_at: 0, over_came_at: 0, over_late: false }
  /** Of each answer that is on its way, when the first of what was seen since it was asked for happened. */
  const onTheirWay = new Set<{ seenFrom: number }>()
  return {
    condition: bind => {
      if (time.over_at === 0) return 'true'
      // By that alone an index answers. As a pair, since where a plan is made for any values the database takes two bounds of one column
      // for a narrow stretch, and would read and sort all of it.
      const happened = `(occurred_at, connector) >= (${bind(time.over_at, 'bigint')}, '')`
      return time.over_late
        ? `(${happened} OR received_at >= ${bind(time.over_came_at, 'float8')})`
        : happened
    },
    arrival: bind =>
      time.over_at === 0
        ? 'true'
        : `received_at >= ${bind(time.over_at - TOLERANCE_SECONDS, 'float8')}`,
    learn: async ask => {
      const answer = { seenFrom: Infinity }
      onTheirWay.add(answer)
      try {
        const found = await ask()
        const { over_at, over_came_at } = found
        // Answers may come in another order than they were given, and after what was seen since.
        if (over_came_at < time.over_came_at) return found
        const wasLate = over_came_at === time.over_came_at && time.over_late
        const over_late = found.over_late || wasLate || answer.seenFrom < over_at
        time = { over_at, over_came_at, over_late }
        return found
      } finally {
        onTheirWay.delete(answer)
      }
    },
    saw: ({ occurredAt }) => {
      for (const answer of onTheirWay) answer.seenFrom = Math.min(answer.seenFrom, occurredAt)
      if (occurredAt < time.over_at) time = { ...time, over_late: true }
    },
  }
}

/** How the store has it. */
export const readOverTime = (query: Query): Promise<OverTime> => readStore(query, OVER_TIME)

/** Those columns of the one row that the store has. */
export const readStore = async <Row extends object>(
  query: Query,
  columns: string,
): Promise<Row> => {
  const [found] = await query<Row>(`SELECT ${columns} FROM event_store`)
  if (found === undefined) throw new Error('The event store has no row')
  return found
}
