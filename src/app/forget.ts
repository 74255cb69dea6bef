/** Erases what the data folder holds of a connector, or of a person. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openAnswers } from '../answers/open-answers.ts'
import type { Config } from '../config/config.ts'
import { type ForgottenStored, openEvents, type ToForget } from '../events/events.ts'
import type { Clock } from '../model/clock.ts'

/** How many of each went. */
export interface ForgottenCounts extends ForgottenStored {
  /** Answers of Push. */
  readonly answers: number
}

/**
 * Erases it from the files that are there; none is made.
 *
 * @throws {EventFileError} {EventsUnavailable} {AnswersUnavailable} where a file cannot be worked on
 */
export const forgetKept = async (
  { dataDirectory, retentionDays, answers }: Config,
  what: ToForget,
  clock: Clock,
): Promise<ForgottenCounts> => ({
  ...(await forgetEvents(join(dataDirectory, 'events.db'), retentionDays, what, clock)),
  answers: await forgetAnswers(dataDirectory, answers, what, clock),
})

const forgetEvents = async (
  path: string,
  retentionDays: number,
  what: ToForget,
  clock: Clock,
): Promise<ForgottenStored> => {
  if (!existsSync(path)) return { events: 0, rows: 0, changes: 0 }
  const events = await openEvents({ path, retentionDays, clock })
  try {
    return await events.forget(what)
  } finally {
    await events.close()
  }
}

const forgetAnswers = async (
  directory: string,
  { keepMs, maxBytes, dataKeys }: Config['answers'],
  what: ToForget,
  clock: Clock,
): Promise<number> => {
  if (!existsSync(join(directory, 'answers.db'))) return 0
  const answers = openAnswers({ directory, clock, keepMs, maxBytes, dataKeys: dataKeys() })
  try {
    return await (what.kind === 'connector'
      ? answers.forgetConnector(what.alias)
      : answers.forgetText(what.text))
  } finally {
    await answers.close()
  }
}
