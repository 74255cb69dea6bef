/** Questions of one kind that come up together, asked as one: the cheapest way is chosen for all of them at once. */
import DataLoader from 'dataloader'
import type { Work } from '../work/work.ts'

interface Batch {
  readonly loader: DataLoader<string, unknown>
  /** What it was asked for, by key. */
  readonly asked: Map<string, Promise<unknown>>
}

/** The batches of one operation. */
export class Batches {
  // Most operations find all that they ask for in the store.
  #byKind: Map<string, Batch> | undefined
  readonly #work: Work

  constructor(work: Work) {
    this.#work = work
  }

  /**
   * The answer for that key, from `read` for all keys that come up at the same time; `kind` names the question whole. Where
   * there is none, that is told in turns, in the order of the keys: all others may hear of the same at that moment, and
   * each makes an error of it.
   */
  load<Value>(
    kind: string,
    key: string,
    read: (keys: readonly string[]) => Promise<(Value | Error)[]>,
    maxBatchSize = Infinity,
  ): Promise<Value> {
    const batches = (this.#byKind ??= new Map<string, Batch>())
    let batch = batches.get(kind)
    if (batch === undefined) {
      const asked = new Map<string, Promise<Value>>()
      const batchScheduleFn = (send: () => void): void => {
        this.#work.whenIdle(send)
      }
      batch = {
        loader: new DataLoader(read, { cacheMap: asked, maxBatchSize, batchScheduleFn }),
        asked,
      }
      batches.set(kind, batch)
    }
    return (batch.loader.load(key) as Promise<Value>).catch((failure: unknown) =>
      this.#work.later(() => {
        throw failure
      }, true),
    )
  }

  /** What was asked for is asked anew. */
  forget(): void {
    this.#byKind = undefined
  }

  /** What `load` gave for that key of that kind, where something beside asks for it as well; else undefined. */
  async asked(kind: string, key: string): Promise<unknown> {
    await this.#work.idle()
    return this.#byKind?.get(kind)?.asked.get(key)
  }
}
