/** Both places in which known rows and changes are kept, for tests that judge either of them. */
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { createChangePurging } from '../../../src/events/changes/changes-in-file.ts'
import { openEventFile } from '../../../src/events/event-file.ts'
import type { AsyncReading, AsyncWriting } from '../../../src/events/event-tasks.ts'
import {
  createEventForgetting,
  type ForgetPlace,
  type ForgottenStep,
  type ToForget,
} from '../../../src/events/forgetting/forgetting.ts'
import { createKnownReading } from '../../../src/events/known/known-reading.ts'
import { createFileNoting } from '../../../src/events/known/noting-in-file.ts'
import { createKnownPurging } from '../../../src/events/known/purging.ts'
import { finish } from '../../../src/events/question-work.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { type Database, openDatabase } from '../../../src/postgres/connecting/database.ts'
import { createHistoryTasks } from '../../../src/postgres/history/history-tasks.ts'
import { createQuestions } from '../../../src/postgres/events/questions.ts'
import { createStoredForgetting } from '../../../src/postgres/events/stored-forgetting.ts'
import { directoryForTest } from '../../support/directory.ts'
import { createDatabase } from '../../support/postgres.ts'

type Row = Readonly<Record<string, unknown>>

export interface HistoryForTest {
  readonly reading: Pick<AsyncReading, 'listThen' | 'rowsThen' | 'rowThen' | 'knownReads'>
  readonly purging: Pick<AsyncWriting, 'purgeChanges' | 'purgeKnown'>
  /** One more that notes and remembers nothing yet: a process, or one that was started again. */
  noting(): Pick<AsyncWriting, 'note'>
  /** Forgets step by step, so many looked at in each; how much went. */
  forget(what: ToForget, most: number): Promise<number>
  /** What a statement finds that both understand; `counters` is the table with what all takes. */
  rows(sql: (counters: string) => string): Promise<readonly Row[]>
  /** Whatever would do that to that table fails, until it is called again. */
  full(when: string): Promise<() => Promise<void>>
  close(): Promise<void>
}

export interface HistoryMaker {
  readonly name: string
  /** Random cases that are tried with it. */
  readonly runs: number
  /** A new, empty one. */
  open(): Promise<HistoryForTest>
}

const openInFile = (): HistoryForTest => {
  const path = join(directoryForTest(), 'events.db')
  const opened: DatabaseSync[] = []
  const open = (): DatabaseSync => {
    const database = openEventFile(path)
    database.exec('PRAGMA synchronous = OFF')
    opened.push(database)
    return database
  }
  const file = open()
  const reading = createKnownReading(file)
  return {
    reading: {
      listThen: async (...asked) => reading.listThen(asked[0], asked[1], asked[2]),
      rowsThen: async (connector, name, at, after, limit) =>
        finish(reading.rowsThen(connector, name, at, after, limit)),
      rowThen: async (connector, name, id, at) => reading.rowThen(connector, name, id, at),
      knownReads: async () => reading.knownReads(),
    },
    purging: {
      purgeChanges: async (...asked) => createChangePurging(file).purgeChanges(...asked),
      purgeKnown: async (...asked) => createKnownPurging(file).purgeKnown(...asked),
    },
    noting: () => {
      const { note } = createFileNoting(open())
      return { note: async (...told) => note(...told) }
    },
    forget: (what, most) => {
      const { forget } = createEventForgetting(file)
      return forgetAll(async (...step) => forget(...step), what, most)
    },
    rows: async sql => file.prepare(sql('store')).all(),
    full: async when => {
      file.exec(`CREATE TRIGGER full BEFORE ${when} BEGIN SELECT RAISE(ABORT, 'full'); END`)
      return async () => file.exec('DROP TRIGGER full')
    },
    close: async () => {
      for (const each of opened) each.close()
    },
  }
}

const forgetAll = async (
  forget: AsyncWriting['forget'],
  what: ToForget,
  most: number,
): Promise<number> => {
  let gone = 0
  for (let place: ForgetPlace | undefined = { at: 'events', after: 0 }; place !== undefined;) {
    const step: ForgottenStep = await forget(what, place, most)
    gone += step.gone
    place = step.next
  }
  return gone
}

const emptied = `TRUNCATE change, known_list, known_whole, known_row;
  UPDATE history SET given = 0, changes_purged = 0, changes_gone = 0, changes_bytes = 0, rows_bytes = 0, moments_bytes = 0, cut_at = NULL`
let shared: Promise<Database> | undefined

/** All use one database, one after another. */
const openInDatabase = async (): Promise<HistoryForTest> => {
  shared ??= createDatabase().then(url => openDatabase({ url, clock: systemClock }))
  const database = await shared
  await database.query('write', emptied)
  const questions = createQuestions(database, systemClock)
  const { read, write, forget: stages } = createHistoryTasks(database)(questions)
  return {
    reading: read,
    purging: write,
    noting: () => createHistoryTasks(database)(questions).write,
    forget: (what, most) => forgetAll(createStoredForgetting(database, stages).forget, what, most),
    rows: sql => database.query('write', sql('history')),
    full: async when => {
      const table = when.split(' ').at(-1) ?? ''
      await database.query(
        'write',
        `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'full'; END $$;
          CREATE TRIGGER full_disk BEFORE ${when} FOR EACH ROW EXECUTE FUNCTION full_disk()`,
      )
      return async () => {
        await database.query('write', `DROP TRIGGER full_disk ON ${table}; DROP FUNCTION full_disk`)
      }
    },
    close: () => Promise.resolve(),
  }
}

export const historyMakers: readonly HistoryMaker[] = [
  { name: 'in a file', runs: 60, open: () => Promise.resolve(openInFile()) },
  { name: 'in a database', runs: 8, open: openInDatabase },
]

/** Ends the connections to the database, where there are any. */
export const closeHistories = async (): Promise<void> => {
  const database = await shared
  shared = undefined
  await database?.close()
}
