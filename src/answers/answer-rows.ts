/** The answers in the file: each is checked when it is read, and what cannot be read is as good as absent. */
import type { DatabaseSync } from 'node:sqlite'
import { inTransaction } from '../model/sqlite-file.ts'
import type { KeptAnswer, NewAnswer, PushQuestion } from './contract.ts'
import type { AnsweredQuestion, UnreadAnswer } from './packing.ts'
import {
  AHEAD_MS,
  type AnswerRow,
  listOf,
  NEXT_BYTES,
  openRow,
  type PackedRow,
  packRow,
  readRow,
} from './sealed-rows.ts'
import type { AnswerSeals } from './sealing.ts'

export interface AnswerRows {
  /** The newest answer asked for at or after `notBefore`. */
  find(question: PushQuestion, notBefore: number, now: number): KeptAnswer | undefined
  /** Up to `most` answers about its list that were asked for next after that moment, the oldest first. */
  askedNext(
    question: PushQuestion,
    after: number,
    most: number,
    now: number,
  ): readonly UnreadAnswer[]
  /** An answer made ready to be kept: a matter of processor time, without the file. */
  pack(answer: NewAnswer): PackedRow
  /** Keeps it unless a newer one is there; to be called in a transaction. */
  keep(row: PackedRow, now: number): void
  /** Of up to `most` answers behind `after`, deletes those that pass or cannot be read. */
  forgetWhere(passes: (of: AnsweredQuestion) => boolean, after: number, most: number): Forgotten
}

export interface Forgotten {
  readonly gone: number
  /** Behind which to go on; undefined where that was all. */
  readonly next: number | undefined
}

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
  const selectNext = database.prepare(
    `SELECT question, seal, asked_at, body FROM (
        SELECT *, sum(bytes) OVER (ORDER BY asked_at, id) - bytes AS before FROM answer
          WHERE tenant = ? AND seal = ? AND list = ? AND asked_at > ? AND asked_at <= ? ORDER BY asked_at, id LIMIT ?
      ) WHERE before < ${NEXT_BYTES}`,
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
        const found = readRow(row, seals)?.answer
        if (found === undefined) {
          damagedRow()
          deleteRow(row)
        } else if (newest === undefined || found.askedAt > newest.askedAt) newest = found
      }
      return newest
    },
    askedNext: (question, after, most, now) =>
      selectNext
        .all(question.tenant, seals.first.id, listOf(question), after, now + AHEAD_MS, most)
        .flatMap(row => openRow(row, seals) ?? []),
    pack: answer => packRow(seals, answer),
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
          const found = readRow(row, seals)
          if (found === undefined || passes(found)) gone += deleteRow(row)
        }
        const last = rows.length < most ? undefined : rows.at(-1)
        return { gone, next: last === undefined ? undefined : Number(last['id']) }
      }),
  }
}
