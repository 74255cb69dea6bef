/** The thread. A file that cannot be used ends it: it is started again, later and later. */
import { parentPort, workerData } from 'node:worker_threads'
import { isSqliteError } from '../model/sqlite-file.ts'
import { type FromThread, STARTED, type ToThread } from '../threads/messages.ts'
import { AnswersFileError } from './answers-file.ts'
import { type AnswersNote, type AnswersThreadOptions, openAnswersTasks } from './tasks.ts'

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

const send = (reply: FromThread<AnswersFailure>): void => parentPort?.postMessage(reply)

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
  const { tasks, notes, close } = openAnswersTasks(options)
  const named = tasks as unknown as Readonly<
    Record<string, (...all: readonly unknown[]) => unknown>
  >
  const answer = (message: ToThread<AnswersAsk>): AnswersReply => {
    if (message.kind === 'close') close()
    const value = message.kind === 'ask' ? named[message.task]?.(...message.args) : undefined
    return { value, notes: notes() }
  }
  parentPort?.on('message', (message: ToThread<AnswersAsk>) => {
    let isOver = message.kind === 'close'
    try {
      send({ id: message.id, result: answer(message), tookMs: 0 })
    } catch (error) {
      isOver ||= error instanceof AnswersFileError
      sendFailure(message.id, error)
    }
    // Nothing else keeps the thread.
    if (isOver) parentPort?.close()
  })
  send({ id: STARTED, result: undefined, tookMs: 0 })
}

try {
  serve(workerData as AnswersThreadOptions)
} catch (error) {
  sendFailure(STARTED, error)
}
