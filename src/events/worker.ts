/** The thread: opens the file, then answers one request after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { isSqliteError } from '../model/sqlite-file.ts'
import { EventFileError } from './event-file.ts'
import { EventFileLost, openTasks, type OpenTasks, type ThreadOptions } from './tasks.ts'

/** A request to the thread; without a task, it ends. */
export interface TaskRequest {
  readonly id: number
  readonly task: string | undefined
  readonly args: readonly unknown[]
}

/** Its answer. `file`: the file cannot be used as it is. `sqlite`: SQLite failed for now, or the file was lost. `bug`: the code did. */
export type TaskReply =
  | { readonly id: number; readonly result: unknown }
  | {
      readonly id: number
      readonly failure: 'file' | 'sqlite' | 'bug'
      readonly message: string
      readonly stack: string | undefined
    }

/** The id of the answer to having been started. */
export const STARTED = 0

const send = (reply: TaskReply): void => parentPort?.postMessage(reply)

const failureOf = (error: unknown): 'file' | 'sqlite' | 'bug' => {
  if (error instanceof EventFileError) return 'file'
  return isSqliteError(error) || error instanceof EventFileLost ? 'sqlite' : 'bug'
}

const failed = (id: number, error: unknown): TaskReply => ({
  id,
  failure: failureOf(error),
  message: error instanceof Error ? error.message : 'unknown',
  stack: error instanceof Error ? error.stack : undefined,
})

const serve = (open: OpenTasks): void => {
  parentPort?.on('message', ({ id, task, args }: TaskRequest) => {
    try {
      if (task === undefined) {
        open.close()
        send({ id, result: undefined })
        parentPort?.close()
        return
      }
      const tasks = open.tasks as unknown as Readonly<
        Record<string, (...all: readonly unknown[]) => unknown>
      >
      send({ id, result: tasks[task]?.(...args) })
    } catch (error) {
      send(failed(id, error))
    }
  })
  send({ id: STARTED, result: undefined })
}

try {
  serve(openTasks(workerData as ThreadOptions))
} catch (error) {
  send(failed(STARTED, error))
}
