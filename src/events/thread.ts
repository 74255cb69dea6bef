/** A thread of the event file, from the outside: its tasks as functions that wait for the answer. */
import { Worker } from 'node:worker_threads'
import { EventFileError } from './event-file.ts'
import type { Tasks, ThreadOptions } from './tasks.ts'
import type { TaskRequest, TaskReply } from './worker.ts'

/** SQLite could not do what was asked, for now: the disk is full, or another process holds the file. */
export class EventFileUnavailable extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'EventFileUnavailable'
  }
}

export interface Thread {
  /** @throws {EventFileUnavailable} where SQLite failed, or the thread has ended */
  ask<Name extends keyof Tasks>(
    task: Name,
    ...args: Parameters<Tasks[Name]>
  ): Promise<ReturnType<Tasks[Name]>>
  /** Answers what was asked before, then closes the file. */
  end(): Promise<void>
}

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

const STARTED = 0

/** Starts the thread. @throws {EventFileError} when the file cannot be used */
export const startThread = async (options: ThreadOptions): Promise<Thread> => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    name: `events ${options.role}`,
    workerData: options,
    execArgv: stripping(import.meta.url),
  })
  const waiting = new Map<number, Waiting>()
  let asked = STARTED
  let ended = false

  const expect = (id: number): Promise<unknown> =>
    new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))

  const send = (task: string | undefined, args: readonly unknown[]): Promise<unknown> => {
    if (ended) return Promise.reject(new EventFileUnavailable('The event file is closed'))
    asked += 1
    worker.ref()
    worker.postMessage({ id: asked, task, args } satisfies TaskRequest)
    return expect(asked)
  }

  const failAll = (error: Error): void => {
    ended = true
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }

  worker.on('message', (reply: TaskReply) => {
    const asker = waiting.get(reply.id)
    waiting.delete(reply.id)
    if ('result' in reply) asker?.resolve(reply.result)
    else asker?.reject(toError(reply))
    // An idle thread keeps no process alive.
    if (waiting.size === 0) worker.unref()
  })
  worker.on('error', failAll)
  worker.on('exit', () => {
    failAll(new EventFileUnavailable('The thread of the event file has ended'))
  })

  try {
    await expect(STARTED)
  } catch (error) {
    await worker.terminate()
    throw error
  }

  return {
    ask: (task, ...args) => send(task, args) as Promise<never>,
    end: async () => {
      if (ended) return
      const closed = send(undefined, [])
      ended = true
      await closed
      await worker.terminate()
    },
  }
}

const toError = (reply: Extract<TaskReply, { failure: string }>): Error => {
  if (reply.failure === 'file') return new EventFileError(reply.message)
  if (reply.failure === 'sqlite') return new EventFileUnavailable(reply.message)
  return Object.assign(new Error(reply.message), { stack: reply.stack })
}

/** Node strips no types below node_modules; there the command brings a hook, which a thread does not inherit. */
const stripping = (url: string): string[] =>
  url.includes('/node_modules/') ? ['--import', new URL('../../bin/strip-types.js', url).href] : []
