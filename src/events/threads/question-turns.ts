/**
 * Questions that a thread works on take turns: the next stretch of time goes to the caller who has had the least, and of
 * its questions to the one that has had the least. So a short question is answered soon beside any number of long ones.
 */
import { tooLong } from '../question-ends.ts'
import type { QuestionWork } from '../question-work.ts'

export interface QuestionTurnOptions {
  /** Milliseconds of processor time that this thread has had. */
  readonly now: () => number
  /** Calls back soon, after what has come in meanwhile. */
  readonly later: (callback: () => void) => void
}

export interface TurnsQuestion {
  readonly id: number
  /** Who shares its turns. */
  readonly caller: string
  /** Whose processor time it takes. */
  readonly operation: string
  /** Milliseconds of work after which it is refused, with what others of its operation take at the same time. */
  readonly maxCpuMs: number
  readonly work: QuestionWork<unknown>
  readonly done: (result: unknown, tookMs: number) => void
  readonly failed: (error: unknown, tookMs: number) => void
}

export interface QuestionTurns {
  /** The question has its turns from now on. */
  add(question: TurnsQuestion): void
  /** Nothing more is done for the question, and nobody hears of it. */
  end(id: number): void
  /** The same for all questions. */
  endAll(): void
}

/** How long a question works before others have their turn. */
const TURN_MS = 10
/** What callers have had is halved after so long: what is long past counts little. */
const HALVED_MS = 5_000

interface Waiting extends TurnsQuestion {
  usedMs: number
  /** How long its last stretch took. */
  stretchMs: number
}

interface Caller {
  usedMs: number
  readonly questions: Map<number, Waiting>
}

export const createQuestionTurns = ({ now, later }: QuestionTurnOptions): QuestionTurns => {
  const callers = new Map<string, Caller>()
  let isRunning = false
  let halvedAt = now()

  const remove = ({ id, caller }: TurnsQuestion): void => {
    callers.get(caller)?.questions.delete(id)
  }

  const halve = (): void => {
    if (now() - halvedAt < HALVED_MS) return
    halvedAt = now()
    for (const [name, caller] of callers) {
      caller.usedMs /= 2
      if (caller.questions.size === 0 && caller.usedMs < 1) callers.delete(name)
    }
  }

  const next = (): { caller: Caller; question: Waiting } | undefined => {
    const caller = least([...callers.values()].filter(({ questions }) => questions.size > 0))
    const question = caller && least([...caller.questions.values()])
    return question && { caller, question }
  }

  /** One stretch of the question; whether it goes on. */
  const runStretch = (caller: Caller, question: Waiting): boolean => {
    const from = now()
    const count = (): number => {
      question.stretchMs = now() - from
      question.usedMs += question.stretchMs
      caller.usedMs += question.stretchMs
      return question.usedMs
    }
    try {
      const step = question.work.next(question.stretchMs)
      const usedMs = count()
      if (step.done === true) {
        remove(question)
        question.done(step.value, usedMs)
        return false
      }
    } catch (error) {
      remove(question)
      question.failed(error, count())
      return false
    }
    const spentMs = spentBy(caller, question.operation)
    if (spentMs <= question.maxCpuMs) return true
    remove(question)
    question.work.return(undefined)
    question.failed(tooLong(spentMs, question.maxCpuMs), question.usedMs)
    return false
  }

  const run = (): void => {
    halve()
    const chosen = next()
    isRunning = chosen !== undefined
    if (chosen === undefined) return
    const from = now()
    while (now() - from < TURN_MS) if (!runStretch(chosen.caller, chosen.question)) break
    later(run)
  }

  return {
    add: question => {
      const caller = callers.get(question.caller) ?? { usedMs: 0, questions: new Map() }
      callers.set(question.caller, caller)
      caller.questions.set(question.id, { ...question, usedMs: 0, stretchMs: 0 })
      if (isRunning) return
      isRunning = true
      later(run)
    },
    end: id => {
      for (const { questions } of callers.values()) {
        questions.get(id)?.work.return(undefined)
        questions.delete(id)
      }
    },
    endAll: () => {
      for (const { questions } of callers.values()) {
        for (const { work } of questions.values()) work.return(undefined)
        questions.clear()
      }
    },
  }
}

const spentBy = ({ questions }: Caller, operation: string): number => {
  let spentMs = 0
  for (const question of questions.values())
    if (question.operation === operation) spentMs += question.usedMs
  return spentMs
}

const least = <Used extends { readonly usedMs: number }>(all: readonly Used[]): Used | undefined =>
  all.length === 0 ? undefined : all.reduce((a, b) => (b.usedMs < a.usedMs ? b : a))
