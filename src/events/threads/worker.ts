/**
 * The thread. What is stored is stored at once; questions take turns, and are ended where nobody waits for them any more.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { GatewayError } from '../../errors.ts'
import { isSqliteError } from '../../model/sqlite-file.ts'
import { lowerPriority, nicer } from '../../threads/lower-priority.ts'
import { LongAnswers } from '../../threads/long-answers.ts'
import { type FromThread, STARTED, type ToThread } from '../../threads/messages.ts'
import { EventFileError } from '../event-file.ts'
import type { QuestionTerms } from '../queries.ts'
import { createQuestionTurns } from './question-turns.ts'
import type { QuestionWork } from '../question-work.ts'
import { EventFileLost, openTasks, type OpenTasks, type ThreadOptions } from '../tasks.ts'

/** What the thread is asked. */
export interface Ask extends Pick<QuestionTerms, 'caller' | 'operation'> {
  /** Milliseconds of processor time that are left to its operation. */
  readonly maxCpuMs: number
  readonly task: string
  readonly args: readonly unknown[]
}

/**
 * Why it gives no answer. `file`: the file cannot be used as it is. `sqlite`: SQLite failed for now, or the file was
 * lost. `refused`: with a code for the caller. `bug`: the code did fail.
 */
export interface TaskFailure {
  readonly failure: 'file' | 'sqlite' | 'refused' | 'bug'
  readonly message: string
  readonly stack: string | undefined
  readonly refusal?: Pick<GatewayError, 'code' | 'fields'>
}

type TaskReply = FromThread<TaskFailure>

const send = (reply: TaskReply): void => parentPort?.postMessage(reply)

const failureOf = (error: unknown): TaskFailure['failure'] => {
  if (error instanceof EventFileError) return 'file'
  if (error instanceof GatewayError) return 'refused'
  return isSqliteError(error) || error instanceof EventFileLost ? 'sqlite' : 'bug'
}

const failed = (id: number, error: unknown, tookMs = 0): TaskReply => ({
  id,
  tookMs,
  failure: failureOf(error),
  message: error instanceof Error ? error.message : 'unknown',
  stack: error instanceof Error ? error.stack : undefined,
  ...(error instanceof GatewayError ? { refusal: { code: error.code, fields: error.fields } } : {}),
})

const isWork = (result: unknown): result is QuestionWork<unknown> =>
  typeof result === 'object' && result !== null && Symbol.iterator in result && 'next' in result

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

const serve = (open: OpenTasks): void => {
  const answers = new LongAnswers(send)
  const turns = createQuestionTurns({
    now: cpuMs,
    later: callback => answers.whenRoom(callback),
  })
  const tasks = open.tasks as unknown as Readonly<
    Record<string, (...all: readonly unknown[]) => unknown>
  >
  parentPort?.on('message', (message: ToThread<Ask>) => {
    const { id } = message
    try {
      if (message.kind === 'end') {
        turns.end(id)
        answers.end(id)
      } else if (message.kind === 'more') answers.isRead()
      else if (message.kind === 'close') {
        turns.endAll()
        open.close()
        send({ id, result: undefined, tookMs: 0 })
      } else {
        const result = tasks[message.task]?.(...message.args)
        if (!isWork(result)) answers.begin(id, result, 0)
        else
          turns.add({
            id,
            caller: message.caller,
            operation: message.operation,
            maxCpuMs: message.maxCpuMs,
            work: result,
            done: (found, tookMs) => {
              answers.begin(id, found, tookMs)
            },
            failed: (error, tookMs) => {
              send(failed(id, error, tookMs))
            },
          })
      }
    } catch (error) {
      send(failed(id, error))
    } finally {
      // Nothing else keeps the thread.
      if (message.kind === 'close') parentPort?.close()
    }
  })
  send({ id: STARTED, result: undefined, tookMs: 0 })
}

try {
  const options = workerData as ThreadOptions
  // Whoever stores a delivery is waited for; questions may be many.
  if (options.role === 'read') lowerPriority(nicer.far)
  serve(openTasks(options))
} catch (error) {
  send(failed(STARTED, error))
}
