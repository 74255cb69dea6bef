/** What is asked of the kept answers, done by the database; packing and sealing are done here, so that it sees neither key nor body. */
import { AnswersAway, type KeptAnswer, type PushQuestion } from '../../answers/contract.ts'
import type { AnswersKeeper } from '../../answers/keeper.ts'
import {
  AHEAD_MS,
  type AnswerRow,
  listOf,
  NEXT_BYTES,
  openRow,
  packRow,
  readRow,
} from '../../answers/sealed-rows.ts'
import type { AnswersTasks, ClaimVerdict } from '../../answers/tasks.ts'
import { type ListUsage, usageOf } from '../../answers/usage.ts'
import { DatabaseUnavailable } from '../connecting/failures.ts'
import { createAnswerErasing } from './answer-erasing.ts'
import { createAnswerTidying } from './answer-tidying.ts'
import type { AnswersInDatabaseParts, LaterTasks } from './parts.ts'

/** How long after a failure it is tried again. */
const AGAIN_MS = 500
/** What concerns all answers concerns those that are on their way, too. */
const isOfAll: ReadonlySet<keyof AnswersTasks> = new Set([
  'kept',
  'usage',
  'forgetConnector',
  'forgetText',
])

export const createAnswersInDatabase = (parts: AnswersInDatabaseParts): AnswersKeeper => {
  const { database, clock, failures } = parts
  const { keep, ...others } = createTasks(parts)
  const tasks: LaterTasks = {
    ...others,
    keep: (...answers) => {
      const keeping = keep(...answers).finally(() => underWay.delete(keeping))
      underWay.add(keeping)
      return keeping
    },
  }
  /** What is on its way to the database. */
  const underWay = new Set<Promise<void>>()
  /** Why it is out of reach, as long as it is. */
  let flaw: string | undefined
  let looking: Promise<boolean> | undefined
  let isClosed = false
  let stopTimer = (): void => undefined

  const leaveAll = async (): Promise<void> => {
    await database.query('step', 'DELETE FROM answer_claim WHERE replica = $1', [database.replica])
  }
  /** Whether it can be reached. What was claimed in vain, or could not be said to be answered, is claimed no more. */
  const isThere = (): Promise<boolean> => {
    looking ??= leaveAll()
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        looking = undefined
      })
    return looking
  }
  const lookAgain = (): void => {
    stopTimer = clock.after(AGAIN_MS, () => {
      void isThere().then(is => {
        if (is) flaw = undefined
        else if (!isClosed) lookAgain()
      })
    })
  }
  const away = (error: DatabaseUnavailable): AnswersAway => {
    failures.died(error)
    if (flaw === undefined && !isClosed) lookAgain()
    flaw = error.message
    return new AnswersAway(error.message)
  }

  return {
    ask: async (task, ...args) => {
      const work = tasks[task] as (...all: typeof args) => ReturnType<AnswersKeeper['ask']>
      // Whoever comes meanwhile need not find that out once more.
      if (flaw !== undefined) throw new AnswersAway(flaw)
      try {
        if (isOfAll.has(task)) await Promise.allSettled(underWay)
        return (await work(...args)) as never
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable)) throw error
        if (!(await isThere())) throw away(error)
      }
      // It may have been this process that stood still, or one connection that broke.
      try {
        return (await work(...args)) as never
      } catch (error) {
        throw error instanceof DatabaseUnavailable ? away(error) : error
      }
    },
    isFailing: () => flaw !== undefined,
    deaths: () => 0,
    close: async () => {
      isClosed = true
      stopTimer()
      await leaveAll()
    },
  }
}

const createTasks = (parts: AnswersInDatabaseParts): LaterTasks => {
  const { seals, failures } = parts
  const { query, replica } = parts.database
  const tidying = createAnswerTidying(parts)
  const idsOf = (question: PushQuestion): readonly Uint8Array[] =>
    seals.all.map(seal => seal.questionId(question))
  const sealIds = seals.all.map(({ id }) => id)

  /** The newest of them that can be read; those that cannot are deleted. */
  const newestOf = async (rows: readonly AnswerRow[]): Promise<KeptAnswer | undefined> => {
    const found = rows.map(row => ({ row, answer: readRow(row, seals)?.answer }))
    for (const { row } of found.filter(({ answer }) => answer === undefined)) {
      failures.note('damaged row')
      await query('step', 'DELETE FROM answer WHERE id = $1', [row['id']])
    }
    return found
      .flatMap(({ answer }) => answer ?? [])
      .reduce<KeptAnswer | undefined>(
        (newest, each) => (newest && newest.askedAt >= each.askedAt ? newest : each),
        undefined,
      )
  }

  return {
    ...createAnswerErasing(parts),
    ...tidying,
    claim: async (question, notBefore, token, now): Promise<ClaimVerdict> => {
      for (;;) {
        const rows = await query<AnswerRow>(
          'step',
          'SELECT * FROM claim_answer($1, $2, $3, $4, $5, $6)',
          [idsOf(question), sealIds, notBefore, now, replica, token],
        )
        const verdict = rows[0]?.['verdict']
        if (verdict === 'mine' || verdict === 'asked') return { kind: verdict }
        const answer = await newestOf(rows)
        if (answer !== undefined) return { kind: 'found', answer }
      }
    },
    askedNext: async (question, after, most, now) => {
      const { tenant } = question
      const values = [tenant, seals.first.id, listOf(question), after, now + AHEAD_MS, most]
      const rows = await query<AnswerRow>('step', NEXT, values)
      return rows.flatMap(row => openRow(row, seals) ?? [])
    },
    leave: async (question, token) => {
      const [id] = idsOf(question)
      await query(
        'step',
        `WITH gone AS (DELETE FROM answer_claim WHERE question = $1 AND replica = $2 AND token = $3 RETURNING question)
          SELECT tell_of_answer(question) FROM gone`,
        [id, replica, token],
      )
    },
    // The replica gives signs of life as long as it runs.
    beat: () => Promise.resolve(),
    keep: async (answers, now) => {
      const rows = answers.map(each => packRow(seals, each))
      const bodies = Buffer.concat(rows.map(({ body }) => body))
      await query('step', 'CALL keep_answers($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)', [
        rows.flatMap(({ question }) => idsOf(question)),
        seals.all.length,
        rows.map(({ question }) => question.tenant),
        rows.map(({ connector }) => connector),
        rows.map(({ question }) => listOf(question)),
        seals.first.id,
        rows.map(({ askedAt }) => askedAt),
        rows.map(({ body }) => body.length),
        bodies,
        now,
        replica,
      ])
      tidying.kept(bodies.length)
    },
    answered: async (question, askedAt) => {
      await query('step', 'SELECT end_claim($1, $2, $3)', [idsOf(question)[0], askedAt, replica])
    },
    kept: async tenant => {
      const [row] = await query<{ readonly answers: number; readonly oldest_at: number | null }>(
        'step',
        'SELECT count(*) AS answers, min(asked_at) AS oldest_at FROM answer WHERE tenant = $1 AND seal = ANY ($2)',
        [tenant, sealIds],
      )
      return row === undefined || row.oldest_at === null
        ? undefined
        : { answers: row.answers, oldestAt: row.oldest_at }
    },
    usage: async () => usageOf(await query<ListUsage>('read', USAGE)),
  }
}

const NEXT = `SELECT question, seal, asked_at, body FROM (
    SELECT question, seal, asked_at, body, sum(bytes) OVER (ORDER BY asked_at, id) - bytes AS before FROM answer
      WHERE tenant = $1 AND seal = $2 AND list = $3 AND asked_at > $4 AND asked_at <= $5 ORDER BY asked_at, id LIMIT $6
  ) AS next WHERE before < ${NEXT_BYTES}`

const USAGE =
  'SELECT connector, list, count(*) AS answers, sum(bytes)::float8 AS bytes FROM answer GROUP BY connector, list'
