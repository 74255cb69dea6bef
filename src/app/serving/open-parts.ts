/** Parts that an app consists of below the graph, beside its connectors: the audit log, what makes changes, what takes webhooks. */
import { ConfigError } from '../../errors.ts'
import type { Events } from '../../events/events.ts'
import type { EventRow } from '../../model/events.ts'
import { changeOf } from '../../webhooks/follow.ts'
import { createHappenedAt } from '../../webhooks/happened-at.ts'
import { createReceiver, type Receiver } from '../../webhooks/receiver.ts'
import { createWrites, type Writes } from '../../writes/writes.ts'
import { createRequestRate } from '../../http/admission/request-rate.ts'
import { createSharedRate, type SharedRate } from '../../http/admission/shared-rate.ts'
import { type AuditLog, createAudit } from '../../http/logging/audit.ts'
import type { ServedConnectors } from '../connectors.ts'
import type { Stores } from '../open-stores.ts'
import type { Setup } from '../setup.ts'
import { systemCode } from '../../model/system/system-code.ts'

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
    const code = systemCode(error) ?? 'unknown reason'
    throw new ConfigError([
      `PUSHGRAPH_AUDIT: the file cannot be opened (${code}); let it be written, or write log for the server's own log`,
    ])
  }
}

/** What counts the requests of callers: to this server, and to others that share its stores. */
export const openCallerRate = (
  { config, clock }: Setup,
  { callerTokens }: Pick<Stores, 'callerTokens'>,
): Pick<SharedRate, 'count' | 'charge' | 'close'> => {
  const own = createRequestRate(config.callers.rate, clock)
  if (callerTokens !== undefined) return createSharedRate(own, callerTokens, clock)
  return { count: own.count, charge: own.charge, close: () => undefined }
}

/** What makes changes for callers; undefined where mutations are off. */
export const openWrites = async (
  { config, clock, opens, onProblem }: Setup,
  { openRecords }: Pick<Stores, 'openRecords'>,
  audit: Pick<AuditLog, 'write'> | undefined,
): Promise<Writes | undefined> => {
  if (!config.mutations) return undefined
  const records = await openRecords()
  opens(() => records.close())
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
  { store, secretsOf, takesFor }: ServedConnectors,
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
    ...{ secretsOf, takesFor, events, clock, onStored: follow, onProblem },
    onMissed: alias => store.connector(alias)?.missed(),
  })
}
