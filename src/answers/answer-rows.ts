/** The answers in the file: each is checked when it is read, and what cannot be read is as good as absent. */
import type { DatabaseSync } from 'node:sqlite'
import { inTransaction } from '../model/sqlite-file.ts'
import type { KeptAnswer, PushQuestion } from './contract.ts'
import { type AnsweredQuestion, packAnswer, unpackAnswer } from './packing.ts'
import type { AnswerSeal, AnswerSeals } from './sealing.ts'

export interface AnswerRows {
  /** The newest answer asked for at or after `notBefore`. */
  find(question: PushQuestion, notBefore: number, now: number): KeptAnswer | undefined
  /** An answer made ready to be kept: a matter of processor time, without the file. */
  pack(question: PushQuestion, connector: string, answer: KeptAnswer): PackedRow
  /** Keeps it unless a newer one is there; to be called in a transaction. */
  keep(row: PackedRow, now: number): void
  /** Of up to `most` answers behind `after`, deletes those that pass or cannot be read. */
  forgetWhere(passes: (of: AnsweredQuestion) => boolean, after: number, most: number): Forgotten
}

export interface PackedRow {
  readonly question: PushQuestion
  readonly connector: string
  readonly askedAt: number
  readonly questionId: Uint8Array
  readonly body: Uint8Array
}

export interface Forgotten {
  readonly gone: number
  /** Behind which to go on; undefined where that was all. */
  readonly next: number | undefined
}

/** A row as SQLite gives it; of a damaged file nobody knows what it holds. */
type AnswerRow = Readonly<Record<string, unknown>>

/**
 * An answer that says it was asked for later than this from now was asked for by a clock that was wrong: nobody can say how
 * old it is.
 */
const AHEAD_MS = 1_000

/** What works on the answers of that file; `damagedRow` hears of each that cannot be read though its key is there. */
export const createAnswerRows = (
  database: DatabaseSync,
  seals: AnswerSeals,
  damagedRow: () => void,
): AnswerRows => {
  const select = database.prepare(
    `SELECT id, question, seal, asked_at, body FROM answer
      WHERE question = ? AND seal = ? AND asked_at >= ? AND asked_at <= ?`,
  )
  const selectTime = database.prepare('SELECT id, asked_at FROM answer WHERE question = ?')
  const insert = database.prepare(
    `INSERT OR REPLACE INTO answer (question, tenant, connector, list, seal, asked_at, bytes, body)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const selectBehind = database.prepare(
    'SELECT id, question, seal, asked_at, body FROM answer WHERE id > ? ORDER BY id LIMIT ?',
  )
  const deleteOne = database.prepare('DELETE FROM answer WHERE id = ?')
  const deleteRow = (row: AnswerRow): number => Number(deleteOne.run(Number(row['id'])).changes)

  return {
    find: (question, notBefore, now) => {
      let newest: KeptAnswer | undefined
      for (const seal of seals.all) {
        const row = select.get(seal.questionId(question), seal.id, notBefore, now + AHEAD_MS)
        if (row === undefined) continue
        const found = readRow(row, seal)?.answer
        if (found === undefined) {
          damagedRow()
          deleteRow(row)
        } else if (newest === undefined || found.askedAt > newest.askedAt) newest = found
      }
      return newest
    },
    pack: (question, connector, answer) => {
      const questionId = seals.first.questionId(question)
      const place = placeOf(questionId, answer.askedAt)
      const body = seals.first.close(packAnswer({ question, answer }), place)
      return { question, connector, askedAt: answer.askedAt, questionId, body }
    },
    keep: ({ question, connector, askedAt, questionId, body }, now) => {
      const present = seals.all
        .map(seal => selectTime.get(seal.questionId(question)))
        .filter(row => row !== undefined)
      const isNewer = ({ asked_at: at }: AnswerRow): boolean =>
        Number(at) >= askedAt && Number(at) <= now + AHEAD_MS
      if (present.some(isNewer)) return
      // Those of other keys, too.
      for (const row of present) deleteRow(row)
      const { tenant } = question
      const row = [seals.first.id, askedAt, body.length, body] as const
      insert.run(questionId, tenant, connector, listOf(question), ...row)
    },
    forgetWhere: (passes, after, most) =>
      inTransaction(database, () => {
        const rows = selectBehind.all(after, most)
        let gone = 0
        for (const row of rows) {
          const seal = seals.all.find(({ id }) => id === row['seal'])
          const found = seal && readRow(row, seal)
          if (found === undefined || passes(found)) gone += deleteRow(row)
        }
        const last = rows.length < most ? undefined : rows.at(-1)
        return { gone, next: last === undefined ? undefined : Number(last['id']) }
      }),
  }
}

/** The list that the question is about. */
const listOf = ({ path }: PushQuestion): string => /^\/?[^/?]*/.exec(path)?.[0] ?? ''

/** What the row holds; undefined where that cannot be read, or belongs elsewhere. */
const readRow = (row: AnswerRow, seal: AnswerSeal): AnsweredQuestion | undefined => {
  const { question, asked_at: askedAt, body } = row
  if (!(question instanceof Uint8Array && body instanceof Uint8Array)) return undefined
  try {
    const found = unpackAnswer(seal.open(body, placeOf(question, Number(askedAt))))
    const isInPlace =
      found.answer.askedAt === askedAt &&
      Buffer.compare(seal.questionId(found.question), question) === 0
    return isInPlace ? found : undefined
  } catch {
    return undefined
  }
}

/** To what a sealed body belongs. */
const placeOf = (questionId: Uint8Array, askedAt: number): Uint8Array =>
  Buffer.concat([questionId, Buffer.from(` ${askedAt}`)])
