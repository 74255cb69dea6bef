/** Erasing events before their time: those of a connector, or all that hold a text. */
import type { DatabaseSync } from 'node:sqlite'
import { createTextFinder } from '../../model/holds-text.ts'
import { inTransaction, readPragma } from '../../model/sqlite-file.ts'
import { createChangeForgetting } from './changes.ts'
import { createKnownForgetting } from './known-rows.ts'
import type { ForgottenRows, IsMeant } from './forgotten-rows.ts'
import { tables } from '../schema.ts'

/** Which events and objects are to go. */
export type ToForget =
  | { readonly kind: 'connector'; readonly alias: string }
  /** In whatever letters, in any member, and however it is escaped. */
  | { readonly kind: 'text'; readonly text: string }

/** Where it is looked next: at what is kept, behind that sequence. */
export interface ForgetPlace {
  readonly at: keyof typeof NEXT
  readonly after: number
}

/** How many of each went. */
export interface ForgottenStored {
  /** With the objects that events alone tell of. */
  readonly events: number
  /** Rows as they are known. */
  readonly rows: number
  /** Changes of rows. */
  readonly changes: number
}

export interface ForgottenStep {
  readonly gone: number
  readonly of: keyof ForgottenStored
  /** Where to go on; undefined where that was all. */
  readonly next: ForgetPlace | undefined
}

export interface Forgetting {
  /** Of the next `most` of what is kept at that place, deletes what is to go. */
  forget(what: ToForget, place: ForgetPlace, most: number): ForgottenStep
  /** Leaves nothing of what was deleted, neither in the file nor in its log; false while others read from that. */
  erase(): boolean
}

/** What comes after what: known rows after what changed of them, and at the end the space that they took. */
const NEXT = {
  events: 'changes',
  changes: 'rows',
  rows: 'others',
  others: 'space',
  space: undefined,
} as const
/** Pages given back at once: they may hold what was deleted or changed before. */
const PAGES_AT_ONCE = 2_000

interface StoredBody {
  readonly sequence: number
  readonly connector: string
  readonly body: string
}

export const createEventForgetting = (database: DatabaseSync): Forgetting => {
  const select = database.prepare(
    `SELECT event.sequence, connector, body FROM event JOIN event_body USING (sequence)
      WHERE event.sequence > ? ORDER BY event.sequence LIMIT ?`,
  )
  const deleteBody = database.prepare('DELETE FROM event_body WHERE sequence = ?')
  const deleteEvent = database.prepare('DELETE FROM event WHERE sequence = ?')
  const changes = createChangeForgetting(database)
  const known = createKnownForgetting(database)
  const countGone = database.prepare('UPDATE store SET gone = gone + ?')

  const forgetObjects = (isMeant: IsMeant): number => {
    let gone = 0
    for (const table of [tables.otherAccounts, tables.otherApps]) {
      const remove = database.prepare(`DELETE FROM ${table} WHERE connector = ? AND id = ?`)
      for (const row of database.prepare(`SELECT * FROM ${table}`).all()) {
        const [connector, id] = [String(row['connector']), String(row['id'])]
        if (isMeant(connector, JSON.stringify(row)))
          gone += Number(remove.run(connector, id).changes)
      }
    }
    return gone
  }

  const forgetEvents = (isMeant: IsMeant, after: number, most: number): ForgottenRows => {
    const rows = select.all(after, most) as unknown as StoredBody[]
    const meant = rows.filter(({ connector, body }) => isMeant(connector, body))
    for (const { sequence } of meant) {
      deleteBody.run(sequence)
      deleteEvent.run(sequence)
    }
    countGone.run(meant.length)
    return { gone: meant.length, last: rows.length < most ? undefined : rows.at(-1)?.sequence }
  }

  const stages: Readonly<
    Record<ForgetPlace['at'], (isMeant: IsMeant, after: number, most: number) => ForgottenRows>
  > = {
    events: forgetEvents,
    changes,
    rows: known,
    others: isMeant => ({ gone: forgetObjects(isMeant), last: undefined }),
    space: () => {
      const before = Number(readPragma(database, 'freelist_count'))
      database.exec(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`)
      const left = Number(readPragma(database, 'freelist_count'))
      return { gone: 0, last: left > 0 && left < before ? 0 : undefined }
    },
  }

  return {
    forget: (what, { at, after }, most) => {
      // What is deleted is written over, too.
      database.exec('PRAGMA secure_delete = ON')
      const isMeant = isMeantBy(what)
      return inTransaction(database, () => {
        return stepAfter(at, stages[at](isMeant, after, most))
      })
    },
    erase: () => database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0,
  }
}

/** The step in which that became of what is kept there. */
export const stepAfter = (at: ForgetPlace['at'], { gone, last }: ForgottenRows): ForgottenStep => {
  const of = at === 'changes' || at === 'rows' ? at : 'events'
  if (last !== undefined) return { gone, of, next: { at, after: last } }
  const next = NEXT[at]
  return { gone, of, next: next && { at: next, after: 0 } }
}

/** What is meant by what is to be forgotten. */
export const isMeantBy = (what: ToForget): IsMeant => {
  if (what.kind === 'connector') return connector => connector === what.alias
  const holds = createTextFinder(what.text)
  return (_, ...texts) => texts.some(text => typeof text === 'string' && holds(text))
}
