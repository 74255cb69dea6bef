/**
 * What outlives a process: learnt state, events and the history of rows, Push's answers, what was changed. Kept in files of
 * the data folder, or in the database that replicas share (open-shared.ts); whoever is handed it knows neither.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { KeptAnswers } from '../answers/contract.ts'
import { openAnswers } from '../answers/open-answers.ts'
import { nothingSpared, type Spared } from '../answers/tidying.ts'
import { type Events, openEvents } from '../events/events.ts'
import type { CallerTokens } from '../model/callers.ts'
import { createFileClaims } from '../sinks/file-claims.ts'
import { alwaysOurs, type SinkClaims } from '../sinks/places.ts'
import { openState, type State } from '../upstream/state/state.ts'
import { noWriteNews, type WriteNews } from '../writes/news.ts'
import { openWriteRecords, type WriteRecords } from '../writes/records.ts'
import { sealRecords } from '../writes/sealed-records.ts'
import type { Setup } from './setup.ts'

export interface Stores {
  readonly state: State
  readonly events: Events
  /** Undefined where none are kept. */
  readonly answers: KeptAnswers | undefined
  readonly news: WriteNews
  /** What callers asked of other servers; undefined where there are none. */
  readonly callerTokens: CallerTokens | undefined
  /** Which process sends for a sink. */
  readonly sinkClaims: SinkClaims
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

/** Which answers are kept for longer. */
export type SparedNow = () => Spared

/** In files. The demo tenant is another one at each start: what was learnt of the last has no meaning for it. */
export const openFiles = async (
  setup: StoreSetup,
  isDemo: boolean,
  spared: SparedNow,
): Promise<Stores> => {
  const { config, clock, opens, say } = setup
  const pathOf = (name: string): string => (isDemo ? ':memory:' : join(config.dataDirectory, name))
  const state = openState(pathOf('state.db'), { clock, log: say })
  opens(() => state.close())
  const events = await openEvents({ path: pathOf('events.db'), ...eventTerms(setup) })
  opens(events.close)
  const { dataDirectory: directory, answers: terms } = config
  const hasAnswers = terms.keepMs > 0 || existsSync(join(directory, 'answers.db'))
  const answers =
    isDemo || !hasAnswers
      ? undefined
      : answersToKeep(setup, spared, of => openAnswers({ directory, ...answerTerms(setup, of) }))
  return {
    ...{ state, events, answers, news: noWriteNews, callerTokens: undefined },
    // Its events are in this process alone.
    sinkClaims: isDemo ? alwaysOurs : createFileClaims(config.dataDirectory),
    openRecords: async () =>
      sealRecords(openWriteRecords(pathOf('writes.db'), clock), config.answers.dataKeys()),
  }
}

/** Those that `open` gives; undefined where none are to be kept: then those go soon that are there from before. */
export const answersToKeep = (
  { config, opens }: Pick<StoreSetup, 'config' | 'opens'>,
  spared: SparedNow,
  open: (spared: SparedNow) => KeptAnswers,
): KeptAnswers | undefined => {
  const isKept = config.answers.keepMs > 0
  const answers = open(isKept ? spared : () => nothingSpared)
  opens(answers.close)
  return isKept ? answers : undefined
}

/** What events are opened with, wherever they are. */
export const eventTerms = ({ config, clock, log, onProblem }: StoreSetup) => ({
  retentionDays: config.retentionDays,
  maxHistoryBytes: config.maxHistoryBytes,
  clock,
  onProblem,
  say: (level: 'info' | 'warn' | 'error', message: string) => log[level](message),
})

/** What Push's answers are kept with, wherever that is. */
export const answerTerms = ({ config, clock, onProblem }: StoreSetup, spared: SparedNow) => {
  const { keepMs, maxBytes, dataKeys } = config.answers
  return { clock, maxBytes, keepMs, spared, dataKeys: dataKeys(), onProblem }
}
