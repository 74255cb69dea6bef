/** An answer as a row: made ready to be kept, and checked when it is read, wherever it is kept. */
import type { NewAnswer, PushQuestion } from './contract.ts'
import {
  type AnsweredQuestion,
  packAnswer,
  toKeptAnswer,
  type UnreadAnswer,
  unpackAnswer,
} from './packing.ts'
import type { AnswerSeal, AnswerSeals } from './sealing.ts'

export interface PackedRow {
  readonly question: PushQuestion
  readonly connector: string
  readonly askedAt: number
  readonly questionId: Uint8Array
  readonly body: Uint8Array
}

/** A row as it was found; of a damaged place nobody knows what it holds. */
export type AnswerRow = Readonly<Record<string, unknown>>

/**
 * An answer that says it was asked for later than this from now was asked for by a clock that was wrong: nobody can say how
 * old it is.
 */
export const AHEAD_MS = 1_000

/** Of answers that are fetched before they are wanted, those are the last that reach so many bytes as they are kept. */
export const NEXT_BYTES = 1_048_576

/** An answer made ready to be kept: a matter of processor time alone. */
export const packRow = (
  { first }: AnswerSeals,
  { question, connector, answer }: NewAnswer,
): PackedRow => {
  const questionId = first.questionId(question)
  const place = placeOf(questionId, answer.askedAt)
  const body = first.close(packAnswer({ question, answer }), place)
  return { question, connector, askedAt: answer.askedAt, questionId, body }
}

/** What the row holds; undefined where that cannot be read, or belongs elsewhere. */
export const readRow = (row: AnswerRow, seals: AnswerSeals): AnsweredQuestion | undefined => {
  const found = openRow(row, seals)
  return found && { question: found.question, answer: toKeptAnswer(found) }
}

/** The same, its body unread. */
export const openRow = (row: AnswerRow, { all }: AnswerSeals): UnreadAnswer | undefined => {
  const { question, asked_at: askedAt, body } = row
  const seal = all.find(({ id }) => id === row['seal'])
  if (seal === undefined) return undefined
  if (!(question instanceof Uint8Array && body instanceof Uint8Array)) return undefined
  try {
    const found = unpackAnswer(seal.open(body, placeOf(question, Number(askedAt))))
    return isInPlace(found, row, seal) ? found : undefined
  } catch {
    return undefined
  }
}

const isInPlace = (found: UnreadAnswer, row: AnswerRow, seal: AnswerSeal): boolean =>
  found.askedAt === row['asked_at'] &&
  Buffer.compare(seal.questionId(found.question), row['question'] as Uint8Array) === 0

/** The list that the question is about. */
export const listOf = ({ path }: PushQuestion): string => /^\/?[^/?]*/.exec(path)?.[0] ?? ''

/** Whether it is about one object, and not about a page of a list. */
export const isOfObject = ({ path }: PushQuestion): boolean => /^\/?[^/?]+\//.test(path)

/** To what a sealed body belongs. */
const placeOf = (questionId: Uint8Array, askedAt: number): Uint8Array =>
  Buffer.concat([questionId, Buffer.from(` ${askedAt}`)])
