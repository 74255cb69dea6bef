/** A thread of the event file, from the outside: what it is asked, and its answers. */
import { Worker } from 'node:worker_threads'
import { GatewayError } from '../errors.ts'
import { EventFileError } from './event-file.ts'
import type { QuestionTerms } from './queries.ts'
import type { ThreadOptions } from './tasks.ts'
import type { TaskReply, ThreadMessage } from './worker.ts'

/** SQLite could not do what was asked, for now: the disk is full, or another process holds the file. */
export class EventFileUnavailable extends GatewayError {
  constructor(message: string) {
    super('UPSTREAM_UNAVAILABLE', message)
  }
}

/** The thread ended while it worked on what was asked. */
export class ThreadDied extends EventFileUnavailable {
  constructor() {
    super('The thread that works on the event file has ended; it is started again')
  }
}

/** What a thread is asked. */
export interface Ask extends Pick<QuestionTerms, 'caller' | 'operation' | 'maxCpuMs'> {
  readonly task: string
  readonly args: readonly unknown[]
}

/** What was asked of a thread. */
export interface AskedOfThread {
  /** @throws {EventFileUnavailable} where SQLite failed; {ThreadDied} where the thread did */
  readonly answer: Promise<unknown>
  /** Nobody waits for the answer any more: the thread does no more for it. */
  end(): void
}

export interface Thread {
  /** `took` hears how many milliseconds of processor time it took. */
  ask(ask: Ask, took?: (ms: number) => void): AskedOfThread
  /**
   * Ends it: it gives up its questions, closes the file after what it is at, and is over. Where that takes longer than
   * `withinMs` it is broken off. @throws {EventFileUnavailable} where the file could not be closed in order
   */
  close(withinMs?: number): Promise<void>
  /** Breaks it off, whatever it works on, as a failure of its own would. */
  terminate(): Promise<void>
  /** Resolves once the thread has ended, with 0 where it did so by itself and in order. */
  readonly ended: Promise<number>
}

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
  readonly took: ((ms: number) => void) | undefined
}

const STARTED = 0

/** How long a thread may take to end by itself: a checkpoint of the file is a matter of milliseconds. */
const END_MS = 10_000

/** What JavaScript may hold in such a thread: one that wants more ends, and nothing else does. */
const MOST_MEMORY = { maxOldGenerationSizeMb: 160, maxYoungGenerationSizeMb: 16 }

/** Starts the thread. @throws {EventFileError} when the file cannot be used */
export const startThread = async (options: ThreadOptions): Promise<Thread> => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    name: `events ${options.role}`,
    workerData: options,
    execArgv: stripping(import.meta.url),
    ...(options.role === 'read' ? { resourceLimits: MOST_MEMORY } : {}),
  })
  const waiting = new Map<number, Waiting>()
  let asked = STARTED
  let isOver = false

  const expect = (id: number, took?: (ms: number) => void): Promise<unknown> =>
    new Promise((resolve, reject) => waiting.set(id, { resolve, reject, took }))

  const send = (message: ThreadMessage): void => {
    worker.postMessage(message)
  }

  const forget = (id: number): void => {
    waiting.delete(id)
    // An idle thread keeps no process alive.
    if (waiting.size === 0) worker.unref()
  }

  worker.on('message', (reply: TaskReply) => {
    const asker = waiting.get(reply.id)
    forget(reply.id)
    asker?.took?.(reply.tookMs)
    if ('result' in reply) asker?.resolve(reply.result)
    else asker?.reject(errorOf(reply))
  })
  // Without a listener it would end the process.
  worker.on('error', () => undefined)
  const ended = new Promise<number>(resolve => {
    worker.on('exit', code => {
      isOver = true
      // First, so that what is asked once more meets another thread.
      resolve(code)
      for (const { reject } of waiting.values()) reject(new ThreadDied())
      waiting.clear()
    })
  })

  /**
   * A thread that is about to end is let alone: to be broken off while it closes its file and clears up can bring the
   * whole process down.
   */
  const end = async (withinMs: number): Promise<void> => {
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise(resolve => {
      timer = setTimeout(resolve, withinMs)
    })
    await Promise.race([ended, tooLong])
    clearTimeout(timer)
    if (!isOver) await worker.terminate()
  }

  try {
    await expect(STARTED)
  } catch (error) {
    await end(END_MS)
    throw error
  }

  return {
    ask: (ask, took) => {
      if (isOver) return { answer: Promise.reject(new ThreadDied()), end: () => undefined }
      const id = (asked += 1)
      worker.ref()
      send({ kind: 'ask', id, ...ask })
      return {
        answer: expect(id, took),
        end: () => {
          if (!waiting.has(id) || isOver) return
          forget(id)
          send({ kind: 'end', id })
        },
      }
    },
    close: async (withinMs = END_MS) => {
      if (isOver) return
      const id = (asked += 1)
      worker.ref()
      send({ kind: 'close', id })
      const [closed] = await Promise.allSettled([expect(id), end(withinMs)])
      // One that was broken off has left everything in its log, where the next start finds it.
      if (closed.status === 'rejected' && !(closed.reason instanceof ThreadDied))
        throw closed.reason
    },
    terminate: async () => {
      await worker.terminate()
    },
    ended,
  }
}

const errorOf = (reply: Extract<TaskReply, { failure: string }>): Error => {
  const { failure, message, refusal, stack } = reply
  if (failure === 'file') return new EventFileError(message)
  if (failure === 'sqlite') return new EventFileUnavailable(message)
  if (refusal !== undefined) return new GatewayError(refusal.code, message, refusal.fields)
  return Object.assign(new Error(message), { stack })
}

/** Node strips no types below node_modules; there the command brings a hook, which a thread does not inherit. */
const stripping = (url: string): string[] =>
  url.includes('/node_modules/') ? ['--import', new URL('../../bin/strip-types.js', url).href] : []
