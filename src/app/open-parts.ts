/** The parts that an app consists of below the graph, beside its connectors: the files, and what takes webhooks. */
import { join } from 'node:path'
import type { KeptAnswers } from '../answers/contract.ts'
import { openAnswers } from '../answers/open-answers.ts'
import { ConfigError } from '../errors.ts'
import { type Events, openEvents } from '../events/events.ts'
import type { EventRow } from '../model/events.ts'
import { openState, type State } from '../upstream/state/state.ts'
import { changeOf } from '../webhooks/follow.ts'
import { createHappenedAt } from '../webhooks/happened-at.ts'
import { createReceiver, type Receiver } from '../webhooks/receiver.ts'
import { openWriteRecords } from '../writes/records.ts'
import { createWrites, type Writes } from '../writes/writes.ts'
import { type AuditLog, createAudit } from '../http/logging/audit.ts'
import type { ServedConnectors } from './connectors.ts'
import type { Setup } from './setup.ts'

/** The demo tenant is another one at each start: what was learnt of the last has no meaning for it. */
export const openFiles = async (
  { config, log, clock, opens, say, onProblem }: Setup,
  isDemo: boolean,
  failing: () => readonly string[],
): Promise<{ state: State; events: Events; answers: KeptAnswers | undefined }> => {
  const pathOf = (name: string): string => (isDemo ? ':memory:' : join(config.dataDirectory, name))
  const state = openState(pathOf('state.db'), { clock, log: say })
  opens(state.close)
  const { retentionDays, maxHistoryBytes, maxCpuMs } = config
  const path = pathOf('events.db')
  const events = await openEvents({
    path,
    retentionDays,
    maxHistoryBytes,
    maxCpuMs,
    clock,
    onProblem,
    say: (level, message) => log[level](message),
  })
  opens(events.close)
  const { keepMs, maxBytes, dataKeys } = config.answers
  if (isDemo || keepMs === 0) return { state, events, answers: undefined }
  const answers = openAnswers({
    directory: config.dataDirectory,
    clock,
    maxBytes,
    keepMs,
    failing,
    dataKeys: dataKeys(),
    onProblem,
  })
  opens(answers.close)
  return { state, events, answers }
}

/** What is told of operations and changes; undefined where nothing is. The file is opened by whoever serves. */
export const openAudit = ({ config, ...setup }: Setup): AuditLog | undefined => {
  const audit = createAudit(config.audit, setup)
  if (audit !== undefined) setup.opens(audit.close)
  return audit
}

/** Opens the file for them, where they have one. @throws {ConfigError} where it cannot be opened */
export const openForLines = async (audit: AuditLog | undefined): Promise<void> => {
  try {
    await audit?.open()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    throw new ConfigError([
      `PUSHGRAPH_AUDIT: the file cannot be opened (${code}); let it be written, or write log for the server's own log`,
    ])
  }
}

/** What makes changes for callers; undefined where mutations are off. */
export const openWrites = (
  { config, clock, opens, onProblem }: Setup,
  isDemo: boolean,
  audit: Pick<AuditLog, 'write'> | undefined,
): Writes | undefined => {
  if (!config.mutations) return undefined
  const path = isDemo ? ':memory:' : join(config.dataDirectory, 'writes.db')
  const records = openWriteRecords(path, clock)
  opens(records.close)
  return createWrites({
    records,
    clock,
    onOver: note => audit?.write(note),
    onProblem,
  })
}

/** What takes deliveries. The rows follow each event, be it stored here or by another process on the same folder. */
export const receiveWebhooks = (
  { clock, onProblem }: Setup,
  { store, secretsOf }: ServedConnectors,
  events: Events,
): Receiver => {
  const follow = (event: EventRow, happenedAt: number): void => {
    const change = changeOf(event, happenedAt)
    if (change !== undefined) store.connector(event.connector)?.follow(change)
  }
  const happenedAt = createHappenedAt()
  events.onStored((event, own) => {
    happenedAt.see([event])
    if (!own) follow(event, happenedAt.of(event))
  })
  return createReceiver({
    ...{ secretsOf, events, clock, onStored: follow, onProblem },
    onMissed: alias => store.connector(alias)?.missed(),
  })
}
