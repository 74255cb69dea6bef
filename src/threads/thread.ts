/** A thread that works on a file, from the outside: what it is asked, and its answers. */
import { setFlagsFromString } from 'node:v8'
import { type ResourceLimits, Worker } from 'node:worker_threads'
import { type FromThread, STARTED, type ToThread } from './messages.ts'

/** What was asked of a thread. */
export interface AskedOfThread {
  /** @throws what `errorOf` makes of a failure; what `died` makes where the thread ended */
  readonly answer: Promise<unknown>
  /** Nobody waits for the answer any more: the thread does no more for it. */
  end(): void
}

export interface WorkerThread<Ask extends object> {
  /** `took` hears how many milliseconds of processor time it took. */
  ask(ask: Ask, took?: (ms: number) => void): AskedOfThread
  /**
   * Ends it: it gives up its questions, closes the file after what it is at, and is over. Where that takes longer than
   * `withinMs` it is broken off. @throws what `errorOf` makes of it where the file could not be closed in order
   */
  close(withinMs?: number): Promise<void>
  /** Breaks it off, whatever it works on, as a failure of its own would. */
  terminate(): Promise<void>
  /** Resolves once the thread has ended, with 0 where it did so by itself and in order. */
  readonly ended: Promise<number>
}

/**
 * What JavaScript may hold in a thread. The young generation always has a bound: left to itself it takes 64 MB and more.
 * Rows go through a thread a batch at a time: 4 MB of it are as quick as 16, and take some 10 MB less of three threads.
 */
export type ThreadLimits = Readonly<ResourceLimits> & { readonly maxYoungGenerationSizeMb: number }

export interface WorkerThreadOptions<Failure extends object> {
  /** The file that it runs. It answers each message with its id, and first of all `STARTED`. */
  readonly file: URL
  readonly name: string
  readonly data: unknown
  readonly resourceLimits: ThreadLimits
  readonly errorOf: (failure: Failure) => Error
  readonly died: () => Error
}

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
  readonly took: ((ms: number) => void) | undefined
  /** What has come of a long list. */
  readonly parts: unknown[]
}

/** How long a thread may take to end by itself: a checkpoint of the file is a matter of milliseconds. */
const END_MS = 10_000

/** Starts the thread. @throws what `errorOf` makes of it when the file cannot be used */
export const startWorkerThread = async <Ask extends object, Failure extends object>({
  file,
  name,
  data,
  resourceLimits,
  errorOf,
  died,
}: WorkerThreadOptions<Failure>): Promise<WorkerThread<Ask>> => {
  // What the process was started with would go before the limits of the thread.
  setFlagsFromString('--max-semi-space-size=0')
  const worker = new Worker(file, {
    name,
    workerData: data,
    execArgv: stripping(import.meta.url),
    resourceLimits,
  })
  const waiting = new Map<number, Waiting>()
  let asked = STARTED
  let isOver = false
  /** What those are told who wait when it ends. */
  let endedEarly: Error | undefined

  const expect = (id: number, took?: (ms: number) => void): Promise<unknown> =>
    new Promise((resolve, reject) => waiting.set(id, { resolve, reject, took, parts: [] }))

  const send = (message: ToThread<Ask>): void => {
    worker.postMessage(message)
  }

  const forget = (id: number): void => {
    waiting.delete(id)
    // An idle thread keeps no process alive.
    if (waiting.size === 0) worker.unref()
  }

  worker.on('message', (reply: FromThread<Failure>) => {
    const { id } = reply
    const asker = waiting.get(id)
    const { tookMs } = reply
    if ('part' in reply) {
      // To read a part holds up everybody: others have their turn before the next, be it of another answer.
      setImmediate(() => send({ kind: 'more', id }))
      for (const each of reply.part) asker?.parts.push(each)
    }
    if (tookMs === undefined) return
    forget(id)
    asker?.took?.(tookMs)
    if ('part' in reply) asker?.resolve(asker.parts)
    else if ('result' in reply) asker?.resolve(reply.result)
    else asker?.reject(errorOf(reply))
  })
  // Without a listener it would end the process.
  worker.on('error', () => undefined)
  const ended = new Promise<number>(resolve => {
    worker.on('exit', code => {
      isOver = true
      // First, so that what is asked once more meets another thread.
      resolve(code)
      endedEarly = died()
      for (const { reject } of waiting.values()) reject(endedEarly)
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
      if (isOver) return { answer: Promise.reject(died()), end: () => undefined }
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
      const closed = expect(id).then(
        () => undefined,
        // One that was broken off has left everything in its log, where the next start finds it. What it said before may be
        // heard together with its end.
        (error: unknown) => (error === endedEarly ? undefined : { error }),
      )
      const [failure] = await Promise.all([closed, end(withinMs)])
      if (failure !== undefined) throw failure.error
    },
    terminate: async () => {
      await worker.terminate()
    },
    ended,
  }
}

/** Node strips no types below node_modules; there the command brings a hook, which a thread does not inherit. */
const stripping = (url: string): string[] =>
  url.includes('/node_modules/') ? ['--import', new URL('../../bin/strip-types.js', url).href] : []
