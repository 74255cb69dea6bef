/**
 * What outlives a process: learnt state, events and the history of rows, Push's answers, what was changed. Kept in files of
 * the data folder, or in the database that replicas share; whoever is handed it knows neither.
 */
import { join } from 'node:path'
import type { KeptAnswers } from '../answers/contract.ts'
import { openAnswers } from '../answers/open-answers.ts'
import { createEvents, type Events, openEvents } from '../events/events.ts'
import { BURST_S } from '../http/admission/request-rate.ts'
import type { CallerTokens } from '../model/callers.ts'
import type { Tracing } from '../model/tracing.ts'
import { openSharedAnswers } from '../postgres/answers/open-shared-answers.ts'
import type { Database } from '../postgres/connecting/database.ts'
import { createHistoryTasks } from '../postgres/events/history-tasks.ts'
import { createSharedTasks } from '../postgres/events/shared-tasks.ts'
import { createCallerTokens } from '../postgres/limits/caller-tokens.ts'
import { openSharedState } from '../postgres/limits/shared-state.ts'
import { openSharedRecords } from '../postgres/writes/open-shared-records.ts'
import { openSharedNews } from '../postgres/writes/shared-news.ts'
import { openState, type State } from '../upstream/state/state.ts'
import { noWriteNews, type WriteNews } from '../writes/news.ts'
import { openWriteRecords, type WriteRecords } from '../writes/records.ts'
import type { Setup } from './setup.ts'

export interface Stores {
  readonly state: State
  readonly events: Events
  /** Undefined where none are kept. */
  readonly answers: KeptAnswers | undefined
  readonly news: WriteNews
  /** What callers asked of other servers; undefined where there are none. */
  readonly callerTokens: CallerTokens | undefined
  /** Opened by whoever makes changes. */
  readonly openRecords: () => Promise<WriteRecords>
}

/** What they are opened with. */
export interface StoreSetup extends Pick<
  Setup,
  'config' | 'clock' | 'opens' | 'say' | 'onProblem'
> {
  readonly log: Pick<Setup['log'], 'info' | 'warn' | 'error'>
}

/** Whose answers are kept for longer: the connectors that fail just now. */
type Failing = () => readonly string[]

/** In files. The demo tenant is another one at each start: what was learnt of the last has no meaning for it. */
export const openFiles = async (
  setup: StoreSetup,
  isDemo: boolean,
  failing: Failing,
): Promise<Stores> => {
  const { config, clock, opens, say } = setup
  const pathOf = (name: string): string => (isDemo ? ':memory:' : join(config.dataDirectory, name))
  const state = openState(pathOf('state.db'), { clock, log: say })
  opens(() => state.close())
  const events = await openEvents({ path: pathOf('events.db'), ...eventTerms(setup) })
  opens(events.close)
  const answers =
    isDemo || config.answers.keepMs === 0
      ? undefined
      : openAnswers({ directory: config.dataDirectory, ...answerTerms(setup, failing) })
  if (answers !== undefined) opens(answers.close)
  return {
    ...{ state, events, answers, news: noWriteNews, callerTokens: undefined },
    openRecords: async () => openWriteRecords(pathOf('writes.db'), clock),
  }
}

/** In that database, whose clock is that of the setup. @throws {DatabaseUnavailable} where it cannot be reached */
export const openShared = async (
  setup: StoreSetup,
  database: Database,
  failing: Failing,
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
  const answers =
    config.answers.keepMs === 0
      ? undefined
      : openSharedAnswers({ database, ...answerTerms(setup, failing) })
  if (answers !== undefined) opens(answers.close)
  return {
    ...{ state, events, answers, news: openSharedNews({ database, onProblem }) },
    callerTokens: createCallerTokens({ database, rate, burst: rate * BURST_S }),
    openRecords: () => openSharedRecords({ database, clock }),
  }
}

const eventTerms = ({ config, clock, log, onProblem }: StoreSetup) => ({
  retentionDays: config.retentionDays,
  maxHistoryBytes: config.maxHistoryBytes,
  maxCpuMs: config.maxCpuMs,
  clock,
  onProblem,
  say: (level: 'info' | 'warn' | 'error', message: string) => log[level](message),
})

const answerTerms = ({ config, clock, onProblem }: StoreSetup, failing: Failing) => {
  const { keepMs, maxBytes, dataKeys } = config.answers
  return { clock, maxBytes, keepMs, failing, dataKeys: dataKeys(), onProblem }
}
