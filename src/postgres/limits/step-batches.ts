/**
 * Steps of several buckets go to the database in one question where they come up while another is under way: the more keys are busy,
 * the fewer questions each of them costs. One by itself goes at once, and in the plainer form.
 */
import type { Clock } from '../../model/clock.ts'
import { type BucketStep, LEASE_MS } from '../../upstream/limiter/bucket-keeper.ts'
import type { BucketRow } from './bucket-row.ts'
import type { Stepper } from './stepper.ts'

export interface StepBatches {
  /** What the step of that bucket comes to. @throws {BucketUnreachable} as the stepper does, all that went together */
  ask(id: string, step: BucketStep): Promise<StepRow>
}

export interface StepRow extends BucketRow {
  readonly granted: number
  readonly wait_ms: number | null
}

export interface StepBatchesOptions {
  readonly stepper: Pick<Stepper, 'ask'>
  /** What this replica is called. */
  readonly replica: string
  readonly clock: Pick<Clock, 'after'>
}

/** Whoever asks for one of the buckets waits for all of them. */
const MOST_AT_ONCE = 16
/** So long one waits for the question that is under way, be the database far. */
const GATHER_MS = 5

interface Waiting {
  readonly asked: Readonly<Record<string, unknown>>
  readonly resolve: (row: StepRow) => void
  readonly reject: (error: unknown) => void
}

export const createStepBatches = ({ stepper, replica, clock }: StepBatchesOptions): StepBatches => {
  const waiting: Waiting[] = []
  let underWay = 0
  let stopGathering = (): void => undefined

  const rowsOf = (batch: readonly Waiting[]): Promise<readonly (StepRow & Placed)[]> => {
    const [only, ...others] = batch
    const by = [replica, LEASE_MS]
    return only !== undefined && others.length === 0
      ? stepper.ask(ONE, [...Object.values(only.asked), ...by])
      : stepper.ask(SEVERAL, [JSON.stringify(batch.map(({ asked }) => asked)), ...by])
  }

  const send = async (batch: readonly Waiting[]): Promise<void> => {
    underWay += 1
    try {
      const rows = await rowsOf(batch)
      if (rows.length < batch.length) throw new Error('The database told nothing of a bucket')
      for (const row of rows) batch[row.place - 1]?.resolve(row)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
    underWay -= 1
    sendNext()
  }

  const sendNext = (): void => {
    stopGathering()
    const batch = waiting.splice(0, MOST_AT_ONCE)
    if (batch.length > 0) void send(batch)
  }

  return {
    ask: (id, { limits, settled, returned, wanted, urgent }) =>
      new Promise((resolve, reject) => {
        const asked = {
          ...{ id, rate: limits.rate, burst: limits.burst, settled, returned, wanted },
          urgent: Math.min(urgent, wanted.length),
        }
        waiting.push({ asked, resolve, reject })
        if (underWay === 0 || waiting.length === MOST_AT_ONCE) sendNext()
        else if (waiting.length === 1) stopGathering = clock.after(GATHER_MS, sendNext)
      }),
  }
}

/** From 1, as they were asked. */
interface Placed {
  readonly place: number
}

const ONE = 'SELECT 1 AS place, * FROM bucket_step($1, $2, $3, $4, $5, $6, $7, $8, $9)'

/** Each holds its bucket until the end: in one order, so that two who ask for the same ones never wait for each other in a circle. */
const SEVERAL = `SELECT asked.place::int, step.* FROM (
    SELECT * FROM ROWS FROM (json_to_recordset($1::json) AS (
      id text, rate float8, burst float8, settled text[], returned text[], wanted text[], urgent int
    )) WITH ORDINALITY AS each (id, rate, burst, settled, returned, wanted, urgent, place) ORDER BY id, place
  ) AS asked
  CROSS JOIN LATERAL bucket_step(
    asked.id, asked.rate, asked.burst, asked.settled, asked.returned, asked.wanted, asked.urgent, $2, $3
  ) AS step`
