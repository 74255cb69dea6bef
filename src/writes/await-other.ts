/** The same change is being sent by another process: what comes of it there is waited for, as long as it may be under way. */
import { type Clock, pause } from '../model/clock.ts'
import type { RecordedWrite, WriteRecords } from './records.ts'

export interface OtherTerms {
  readonly records: Pick<WriteRecords, 'find'>
  readonly clock: Clock
}

const LOOK_MS = 100
/** Push has most often answered by then. One that was killed meanwhile leaves its change for ever unanswered. */
const LONGEST_MS = 5_000

/** What is recorded once it is over; undefined where it was certainly not made; without a result where nobody can tell. */
export const awaitOther = async (
  id: string,
  known: RecordedWrite,
  { records, clock }: OtherTerms,
): Promise<RecordedWrite | undefined> => {
  const until = Math.min(known.begunAt, clock.now()) + LONGEST_MS
  let found: RecordedWrite | undefined = known
  while (found !== undefined && found.result === null && clock.now() < until) {
    await pause(LOOK_MS, clock, new AbortController().signal)
    found = await records.find(id)
  }
  return found
}
