/** The thread. A file that cannot be used ends it: it is started again, later and later. */
import { parentPort, workerData } from 'node:worker_threads'
import { isSqliteError } from '../model/sqlite-file.ts'
import { lowerPriority, nicer } from '../threads/lower-priority.ts'
import { type FromThread, STARTED, type ToThread } from '../threads/messages.ts'
import { AnswersFileError } from './answers-file.ts'
import {
  type AnswersNote,
  type AnswersTasks,
  type AnswersThreadOptions,
  openAnswersTasks,
} from './tasks.ts'

/** What the thread is asked. */
export interface AnswersAsk {
  readonly task: string
  readonly args: readonly unknown[]
}

/** What it answers. */
export interface AnswersReply {
  readonly value: unknown
  /** What there is to tell besides. */
  readonly notes: readonly AnswersNote[]
}

/** Why it gives no answer. `file`: the file cannot be used as it is. `sqlite`: SQLite failed for now. `bug`: the code did fail. */
export interface AnswersFailure {
  readonly failure: 'file' | 'sqlite' | 'bug'
  readonly message: string
  readonly stack: string | undefined
}

const send = (reply: FromThread<AnswersFailure>, handedOver: readonly ArrayBuffer[] = []): void =>
  parentPort?.postMessage(reply, handedOver)

const sendFailure = (id: number, error: unknown): void => {
  const kind = isSqliteError(error) ? 'sqlite' : 'bug'
  send({
    id,
    tookMs: 0,
    failure: error instanceof AnswersFileError ? 'file' : kind,
    message: error instanceof Error ? error.message : 'unknown',
    stack: error instanceof Error ? error.stack : undefined,
  })
}

const serve = (options: AnswersThreadOptions): void => {
  // While it takes apart what is asked for anew, those go first whose rows are at hand. It must not stand still, though:
  // what it does not give in time is asked of Push.
  lowerPriority(nicer.little)
  const { tasks, notes, close } = openAnswersTasks(options)
  const named = tasks as unknown as Readonly<
    Record<string, (...all: readonly unknown[]) => unknown>
  >
  const answer = (message: ToThread<AnswersAsk>): void => {
    const { id, kind } = message
    if (kind === 'close') close()
    const value = kind === 'ask' ? named[message.task]?.(...message.args) : undefined
    const result: AnswersReply = { value, notes: notes() }
    send({ id, result, tookMs: 0 }, kind === 'ask' ? bodiesIn(message.task, value) : [])
  }
  parentPort?.on('message', (message: ToThread<AnswersAsk>) => {
    let isOver = message.kind === 'close'
    try {
      answer(message)
    } catch (error) {
      isOver ||= error instanceof AnswersFileError
      sendFailure(message.id, error)
    }
    // Nothing else keeps the thread.
    if (isOver) parentPort?.close()
  })
  send({ id: STARTED, result: undefined, tookMs: 0 })
}

/** The memory of the bodies in that answer: who asked has it from then on. */
const bodiesIn = (task: string, value: unknown): readonly ArrayBuffer[] =>
  task === ('askedNext' satisfies keyof AnswersTasks)
    ? (value as ReturnType<AnswersTasks['askedNext']>).map(({ body }) => body.buffer)
    : []

try {
  serve(workerData as AnswersThreadOptions)
} catch (error) {
  sendFailure(STARTED, error)
}
