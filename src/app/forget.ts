/** Erases what the data folder or the shared database holds of a connector, or of a person. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { KeptAnswers } from '../answers/contract.ts'
import { openAnswers } from '../answers/open-answers.ts'
import { nothingSpared } from '../answers/tidying.ts'
import type { Config } from '../config/config.ts'
import { type ForgottenStored, openEvents, type ToForget } from '../events/events.ts'
import { isMeantBy } from '../events/forgetting/forgetting.ts'
import type { Clock } from '../model/clock.ts'
import { forgetInQuarantine, quarantinesIn } from '../sinks/quarantine.ts'

/** How many of each went. */
export interface ForgottenCounts extends ForgottenStored {
  /** Answers of Push. */
  readonly answers: number
  /** Items that receivers refused, in the data folder of this machine. */
  readonly quarantined: number
}

/**
 * Erases it from the database that is shared, or else from the files that are there; none is made.
 *
 * @throws {EventFileError} {EventsUnavailable} {AnswersUnavailable} {DatabaseUnavailable} where they cannot be worked on
 */
export const forgetKept = async (
  settings: Config,
  what: ToForget,
  clock: Clock,
): Promise<ForgottenCounts> => {
  // Nothing else goes meanwhile, be it that whoever keeps it needs it for longer, or that none is to be kept any more.
  const config = { ...settings, answers: { ...settings.answers, keepMs: Infinity } }
  const { databaseUrl, dataDirectory, retentionDays, answers } = config
  const gone =
    databaseUrl !== undefined
      ? await forgetShared(databaseUrl(), config, what, clock)
      : {
          ...(await forgetEvents(join(dataDirectory, 'events.db'), retentionDays, what, clock)),
          answers: await forgetAnswers(dataDirectory, answers, what, clock),
        }
  return { ...gone, quarantined: await forgetQuarantined(dataDirectory, what, clock) }
}

/** Of the sinks that there ever were. */
const forgetQuarantined = async (
  directory: string,
  what: ToForget,
  clock: Clock,
): Promise<number> => {
  let gone = 0
  for (const path of quarantinesIn(directory))
    gone += await forgetInQuarantine(path, clock, isMeantBy(what))
  return gone
}

const forgetShared = async (
  url: string,
  config: Config,
  what: ToForget,
  ownClock: Clock,
): Promise<Omit<ForgottenCounts, 'quarantined'>> => {
  const { openDatabase } = await import('../postgres/connecting/database.ts')
  const { openShared } = await import('./open-shared.ts')
  const database = await openDatabase({ url, clock: ownClock })
  const closes: (() => unknown)[] = [database.close]
  try {
    const { clock } = database
    const nothing = (): void => undefined
    const log = { info: nothing, warn: nothing, error: nothing }
    const setup = {
      ...{ config, clock, log, say: nothing, onProblem: nothing },
      opens: (close: () => unknown) => void closes.push(close),
    }
    const { events, answers } = await openShared(setup, database, () => nothingSpared)
    return {
      ...(await events.forget(what)),
      answers: answers === undefined ? 0 : await forgetIn(answers, what),
    }
  } finally {
    for (const close of closes.toReversed()) await close()
  }
}

const forgetIn = (answers: KeptAnswers, what: ToForget): Promise<number> =>
  what.kind === 'connector' ? answers.forgetConnector(what.alias) : answers.forgetText(what.text)

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
    return await forgetIn(answers, what)
  } finally {
    await answers.close()
  }
}
