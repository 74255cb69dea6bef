/** Erasing events before their time, and the objects that they alone tell of; what is known of rows is erased by its own stages. */
import type { AsyncWriting } from '../../events/event-tasks.ts'
import type { ForgetPlace } from '../../events/forgetting/forgetting.ts'
import { isMeantBy, stepAfter } from '../../events/forgetting/forgetting.ts'
import type { ForgottenRows, IsMeant } from '../../events/forgetting/forgotten-rows.ts'
import { tables } from '../../events/schema.ts'
import type { Database } from '../connecting/database.ts'
import type { Query } from '../connecting/pools.ts'

/** Of the next `most` of what is kept there behind that sequence, deletes what is meant, in a transaction. */
export type ForgetStage = (
  query: Query,
  isMeant: IsMeant,
  after: number,
  most: number,
) => Promise<ForgottenRows>

/** Milliseconds that one step may take, and what gives the space of all of them back. */
const STEP_MS = 60_000
const VACUUM_MS = 3_600_000

export const createStoredForgetting = (
  database: Pick<Database, 'query' | 'transaction'>,
  ofHistory: Readonly<Record<'changes' | 'rows', ForgetStage>>,
): Pick<AsyncWriting, 'forget' | 'erase'> => {
  const stages: Readonly<Record<ForgetPlace['at'], ForgetStage>> = {
    events: forgetEvents,
    ...ofHistory,
    others: forgetOthers,
    space: () => Promise.resolve({ gone: 0, last: undefined }),
  }
  return {
    forget: (what, { at, after }, most) =>
      database.transaction(
        'write',
        async query => stepAfter(at, await stages[at](query, isMeantBy(what), after, most)),
        { timeoutMs: STEP_MS },
      ),
    erase: async () => {
      // What was deleted stays on its page until then. The log and its copies are the operator's.
      await database.query('write', `VACUUM ${kept.join(', ')}`, [], { timeoutMs: VACUUM_MS })
      return true
    },
  }
}

const kept = [
  ...['event', 'event_body', 'event_id', 'other_account', 'other_app'],
  ...['change', 'known_row', 'known_list', 'known_whole'],
]

const forgetEvents: ForgetStage = async (query, isMeant, after, most) => {
  await query('SELECT event_hold()')
  const rows = await query<{
    readonly sequence: number
    readonly occurred_at: number
    readonly connector: string
    readonly id: string
    readonly body: string
  }>(
    `SELECT event.sequence, event.occurred_at, connector, id, body FROM event
      JOIN event_body ON event_body.sequence = event.sequence AND event_body.occurred_at = event.occurred_at
      WHERE event.sequence > $1::bigint ORDER BY event.sequence LIMIT $2::int`,
    [after, most],
  )
  const meant = rows.filter(({ connector, body }) => isMeant(connector, body))
  if (meant.length > 0) {
    const places = [
      meant.map(({ sequence }) => sequence),
      meant.map(({ occurred_at: at }) => at),
    ] as const
    const isOne = '(sequence, occurred_at) IN (SELECT * FROM unnest($1::bigint[], $2::bigint[]))'
    await query(`DELETE FROM event WHERE ${isOne}`, places)
    await query(`DELETE FROM event_body WHERE ${isOne}`, places)
    await query(
      'DELETE FROM event_id WHERE (connector, id) IN (SELECT * FROM unnest($1::text[], $2::text[]))',
      [meant.map(({ connector }) => connector), meant.map(({ id }) => id)],
    )
    await query('UPDATE event_store SET gone = gone + $1::bigint', [meant.length])
  }
  return { gone: meant.length, last: rows.length < most ? undefined : rows.at(-1)?.sequence }
}

const forgetOthers: ForgetStage = async (query, isMeant) => {
  await query('SELECT event_hold()')
  let gone = 0
  for (const table of [tables.otherAccounts, tables.otherApps]) {
    const rows = await query<{ readonly sequence: number; readonly connector: string }>(
      `SELECT * FROM ${table}`,
    )
    const meant = rows.filter(row => isMeant(row.connector, JSON.stringify(row)))
    await query(`DELETE FROM ${table} WHERE sequence = ANY ($1::bigint[])`, [
      meant.map(({ sequence }) => sequence),
    ])
    gone += meant.length
  }
  return { gone, last: undefined }
}
