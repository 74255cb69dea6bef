/** What the thread of the kept answers does. */
import type { DatabaseSync } from 'node:sqlite'
import { createTextFinder } from '../model/holds-text.ts'
import { inTransaction, readPragma, sqliteFailure } from '../model/sqlite-file.ts'
import { type AnswerBounds, createAnswerBounds } from './answer-bounds.ts'
import { type AnswerRows, createAnswerRows, type Forgotten } from './answer-rows.ts'
import {
  type AnswersFile,
  AnswersFileError,
  AnswersFileLost,
  openAnswersFile,
  removeAnswersFile,
} from './answers-file.ts'
import { type ClaimRows, createClaimRows } from './claim-rows.ts'
import type { AnswersUsage, KeptAnswer, NewAnswer, PushQuestion } from './contract.ts'
import type { UnreadAnswer } from './packing.ts'
import { type AnswerSeals, createSeals } from './sealing.ts'
import type { Spared } from './tidying.ts'

export interface AnswersThreadOptions {
  readonly path: string
  readonly maxBytes: number
  readonly dataKeys: readonly Uint8Array[]
  /** What names this process among those of the folder. */
  readonly holder: string
}

/** What to do about a question. `asked`: somebody else asks it. */
export type ClaimVerdict =
  { readonly kind: 'found'; readonly answer: KeptAnswer } | { readonly kind: 'mine' | 'asked' }

/** What there is to tell the operator, in words; each kind once in a while. */
export type AnswersNote = 'lost' | 'damaged' | 'damaged row'

export interface AnswersTasks {
  claim(question: PushQuestion, notBefore: number, token: number, now: number): ClaimVerdict
  /**
   * Up to `most` answers about the list of that question that were asked for next after that moment, as they are kept
   * under the newest key: the oldest first, and no more than can be worked on at once.
   */
  askedNext(
    question: PushQuestion,
    after: number,
    most: number,
    now: number,
  ): readonly UnreadAnswer[]
  leave(question: PushQuestion, token: number): void
  beat(now: number): void
  /** Keeps each of them unless a newer one is kept already, and ends the claims of this process to their questions. */
  keep(answers: readonly NewAnswer[], now: number): void
  /** It was answered, but that answer is not kept: ends the claim of this process. */
  answered(question: PushQuestion, askedAt: number): void
  kept(tenant: string): ReturnType<AnswerBounds['kept']>
  usage(): ReadonlyMap<string, AnswersUsage>
  /** A step of what is to go by age or for want of room; whether there is more. */
  tidy(now: number, before: number, spared: Spared): boolean
  /** A step of forgetting a connector; how many went, none where that was all. */
  forgetConnector(connector: string): number
  /** A step of forgetting a text, behind the answer `after`. */
  forgetText(text: string, after: number): Forgotten
  /** A step of giving back the space of what was forgotten; with the last one the log is emptied. */
  erase(): Erased
}

/** `more`: another step is needed. `busy`: another process reads from the log just now. */
export type Erased = 'more' | 'busy' | 'done'

export interface OpenAnswers {
  readonly tasks: AnswersTasks
  /** What there is to tell since it was asked last. */
  notes(): readonly AnswersNote[]
  close(): void
}

/** Answers deleted in one transaction: who wants one waits for it. */
const DELETED_AT_ONCE = 100
/** Answers read in one step. */
const READ_AT_ONCE = 20
/** Pages given back in one step. */
const PAGES_AT_ONCE = 500
/** Answers that go for one that comes; what is left goes when it is tidied up. */
const EVICTED_AT_ONCE = 16

interface OpenFile extends AnswersFile {
  readonly rows: AnswerRows
  readonly bounds: AnswerBounds
  readonly claims: ClaimRows
}

/**
 * Opens the file. One that is lost or found damaged later is begun anew.
 *
 * @throws {AnswersFileError} when it cannot be used, now or when something is asked
 */
export const openAnswersTasks = (options: AnswersThreadOptions): OpenAnswers => {
  const seals = createSeals(options.dataKeys)
  const notes: AnswersNote[] = []
  const open = (): OpenFile => {
    const file = openAnswersFile(options.path)
    if (file.isBegunAnew) notes.push('damaged')
    const rows = createAnswerRows(file.database, seals, () => notes.push('damaged row'))
    const bounds = createAnswerBounds(file.database, seals)
    return { ...file, rows, bounds, claims: createClaimRows(file.database, options.holder) }
  }
  let current: OpenFile | undefined = open()

  /** The file that is used from now on, where the one in use cannot be; undefined where it still can, or none can. */
  const reopen = (error: unknown): OpenFile | undefined => {
    const isLost = error instanceof AnswersFileLost
    const isUsable = !(error instanceof AnswersFileError)
    if (isUsable && !isLost && sqliteFailure(error) !== 'damaged') return undefined
    closeFile(current?.database)
    current = undefined
    if (!isUsable) return undefined
    notes.push(isLost ? 'lost' : 'damaged')
    if (!isLost) removeAnswersFile(options.path)
    return (current = open())
  }

  /** What `work` comes to with the file, once more with a new one where that proves to be lost or damaged. */
  const withFile = <Result>(work: (file: OpenFile) => Result): Result => {
    const attempt = (file: OpenFile): Result => {
      file.checkVersion()
      return work(file)
    }
    const file = (current ??= open())
    try {
      return attempt(file)
    } catch (error) {
      const another = reopen(error)
      if (another === undefined) throw error
      return attempt(another)
    }
  }

  return {
    tasks: createTasks(withFile, seals, options.maxBytes),
    notes: () => notes.splice(0),
    close: () => {
      if (current === undefined) return
      const { database, claims } = current
      try {
        claims.leaveAll()
        // So that the next start finds one file and nothing beside it.
        database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      } finally {
        closeFile(database)
      }
    },
  }
}

const closeFile = (database: DatabaseSync | undefined): void => {
  try {
    database?.close()
  } catch {
    // Nobody uses it any more.
  }
}

type WithFile = <Result>(work: (file: OpenFile) => Result) => Result

const createTasks = (
  withFile: WithFile,
  { first: seal }: AnswerSeals,
  maxBytes: number,
): AnswersTasks => ({
  claim: (question, notBefore, token, now) =>
    withFile(file => claim(file, seal.questionId(question), question, notBefore, token, now)),
  askedNext: (...after) => withFile(({ rows }) => rows.askedNext(...after)),
  leave: (question, token) => {
    withFile(({ claims }) => {
      claims.leave(seal.questionId(question), token)
    })
  },
  beat: now => {
    withFile(({ claims }) => {
      claims.beat(now)
    })
  },
  keep: (answers, now) => {
    withFile(({ database, rows, bounds, claims, checkPlace }) => {
      const packed = answers.map(each => rows.pack(each))
      checkPlace()
      inTransaction(database, () => {
        for (const row of packed) {
          rows.keep(row, now)
          claims.answered(row.questionId, row.askedAt)
        }
        bounds.evict(maxBytes, EVICTED_AT_ONCE * packed.length)
      })
    })
  },
  answered: (question, askedAt) => {
    withFile(({ claims }) => {
      claims.answered(seal.questionId(question), askedAt)
    })
  },
  kept: tenant => withFile(({ bounds }) => bounds.kept(tenant)),
  usage: () => withFile(({ bounds }) => bounds.usage()),
  tidy: (now, before, spared) =>
    withFile(({ database, bounds, claims }) => {
      const old = bounds.expire(before, spared, DELETED_AT_ONCE)
      const evicted = bounds.evict(maxBytes, DELETED_AT_ONCE)
      claims.sweep(now)
      database.exec(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`)
      return old >= DELETED_AT_ONCE || evicted >= DELETED_AT_ONCE
    }),
  forgetConnector: connector =>
    withFile(({ bounds }) => bounds.forgetConnector(connector, DELETED_AT_ONCE)),
  forgetText: (text, after) =>
    withFile(({ rows }) => {
      const holds = createTextFinder(text)
      return rows.forgetWhere(
        ({ question, answer }) => holds(question.path) || holds(answer.body),
        after,
        READ_AT_ONCE,
      )
    }),
  erase: () =>
    withFile(({ database }) => {
      const free = (): number => Number(readPragma(database, 'freelist_count'))
      const before = free()
      database.exec(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`)
      const left = free()
      // What can be given back no further is overwritten all the same.
      if (left > 0 && left < before) return 'more'
      return emptyLog(database) ? 'done' : 'busy'
    }),
})

/** Whether the log could be emptied; who reads from it is not waited for here, as others wait for the thread. */
const emptyLog = (database: DatabaseSync): boolean => {
  const timeout = Number(readPragma(database, 'busy_timeout'))
  database.exec('PRAGMA busy_timeout = 50')
  try {
    return database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0
  } finally {
    database.exec(`PRAGMA busy_timeout = ${timeout}`)
  }
}

const claim = (
  { database, rows, claims, checkPlace }: OpenFile,
  questionId: Uint8Array,
  question: PushQuestion,
  notBefore: number,
  token: number,
  now: number,
): ClaimVerdict => {
  const look = (): ClaimVerdict | undefined => {
    const answer = rows.find(question, notBefore, now)
    if (answer !== undefined) return { kind: 'found', answer }
    return claims.isAsked(questionId, notBefore, now) ? { kind: 'asked' } : undefined
  }
  // Most often there is nothing to be written, and nobody to wait for.
  const seen = look()
  if (seen !== undefined) return seen
  checkPlace()
  return inTransaction(database, () => {
    const seenAlone = look()
    if (seenAlone === undefined) claims.claim(questionId, token, now)
    return seenAlone ?? { kind: 'mine' }
  })
}
