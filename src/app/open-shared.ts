/** What outlives a process, kept in the database that replicas share. Only where there is one is this read at all. */
import { createEvents } from '../events/events.ts'
import { BURST_S } from '../http/admission/request-rate.ts'
import type { Tracing } from '../model/tracing.ts'
import { openSharedAnswers } from '../postgres/answers/open-shared-answers.ts'
import type { Database } from '../postgres/connecting/database.ts'
import { isSetElsewhere } from '../postgres/connecting/replicas.ts'
import { createHistoryTasks } from '../postgres/history/history-tasks.ts'
import { asUnavailable } from '../postgres/events/questions.ts'
import { createSinkDuties } from '../postgres/events/sink-rows.ts'
import { createSharedTasks } from '../postgres/events/shared-tasks.ts'
import { createCallerTokens } from '../postgres/limits/caller-tokens.ts'
import { openSharedState } from '../postgres/limits/shared-state.ts'
import { openSharedRecords } from '../postgres/writes/open-shared-records.ts'
import { sealRecords } from '../writes/sealed-records.ts'
import { openSharedNews } from '../postgres/writes/shared-news.ts'
import {
  answersToKeep,
  answerTerms,
  eventTerms,
  type SparedNow,
  type StoreSetup,
  type Stores,
} from './open-stores.ts'
import { tenantSetting } from './shared-settings.ts'

/** In that database, whose clock is that of the setup. @throws {DatabaseUnavailable} where it cannot be reached */
export const openShared = async (
  setup: StoreSetup,
  database: Database,
  spared: SparedNow,
  tracing?: Pick<Tracing, 'question'>,
): Promise<Stores> => {
  const { config, clock, opens, onProblem } = setup
  const state = await openSharedState({ database, onProblem })
  opens(() => state.close())
  const { retentionDays } = config
  const rate = config.callers.rate.perCaller
  const tasks = await createSharedTasks(
    { database, retentionDays, onQuestion: tracing?.question },
    createHistoryTasks(database),
  )
  const events = await createEvents(tasks, eventTerms(setup))
  opens(events.close)
  const answers = answersToKeep(setup, spared, of =>
    openSharedAnswers({ database, ...answerTerms(setup, of) }),
  )
  const dataKeys = config.answers.dataKeys()
  return {
    ...{ state, events, answers, news: openSharedNews({ database, dataKeys, onProblem }) },
    callerTokens: createCallerTokens({ database, rate, burst: rate * BURST_S }),
    sinkClaims: createSinkDuties(database),
    openRecords: async () => sealRecords(await openSharedRecords({ database, clock }), dataKeys),
  }
}

/**
 * Whether another replica serves the connector of that alias now as that tenant's.
 *
 * @throws {EventsUnavailable} where the database cannot be asked: what is delivered cannot be stored then
 */
export const isServedByOthers = async (
  database: Pick<Database, 'query' | 'replica'>,
  alias: string,
  tenant: string,
): Promise<boolean> => {
  try {
    return await isSetElsewhere(database, tenantSetting(alias, tenant))
  } catch (error) {
    throw asUnavailable(error)
  }
}
