/** One operation as the rooms below see it: whom it may ask, how long it waits, how old its rows may be, what it cost. */
import type { CollectionName } from '../../model/rows.ts'
import type { Clock } from '../../model/clock.ts'
import type { ListName } from '../../model/stored.ts'
import { Work } from '../../work/work.ts'
import type { Call } from '../../store/store.ts'
import { BudgetError } from '../../errors.ts'
import { MadeOnce } from './made-once.ts'
import { Observations } from './observations.ts'
import { AnswerValidity, type MaxAges, sinceOf } from './answer-validity.ts'
import { type Summary, sumOf, type Warning } from './summary.ts'

export interface OperationOptions {
  readonly id: string
  readonly clock: Clock
  readonly freshness: MaxAges
  readonly maxRequests: number
  readonly maxWaitMs: number
  readonly signal?: AbortSignal
  /** What the answer rests on, where somebody asks about that later. */
  readonly validity?: AnswerValidity
  /** Its share of the event loop; without bounds where absent. */
  readonly work?: Work
}

/** Requests set aside. */
export interface Reservation {
  /** The terms of the requests that they were set aside for. */
  readonly call: Call
  /** Gives back those that were not made. */
  readonly release: () => void
}

/** An operation that begins now. */
export const createOperation = (options: OperationOptions): Operation => new Operation(options)

// A class rather than closures: one is made for each question, and most of what it can do is never asked of it.
export class Operation {
  readonly id: string
  readonly startedAt: number
  readonly deadline: number
  /** Rows read at or after this moment are fresh. */
  readonly freshSince: number
  /** Rows read at or after this moment may be served while they are refreshed. */
  readonly staleSince: number
  /** What the answer rests on, and until when it stands. */
  readonly validity: AnswerValidity
  /** Its share of the event loop. */
  readonly work: Work
  /** Calls back once after so many milliseconds, unless the returned function takes it back. */
  readonly after: Clock['after']
  /** The aliases of the connectors that it asks for something, each once. */
  readonly asked: string[] = []
  readonly #call: Omit<Call, 'signal'>
  readonly #maxRequests: number
  readonly #requestsFor = new Map<string, number>()
  #keptFor: Map<string, number> | undefined
  readonly #rowsAt = new Map<string, number>()
  readonly #warnings = new Map<string, Warning>()
  #made: MadeOnce | undefined
  #observations: Observations | undefined
  #gaps: Set<string> | undefined
  #parts: Operation[] | undefined
  #requests = 0
  #reserved = 0
  #waitedMs = 0
  #rowsRead = 0
  #rowsReturned = 0
  #cacheHits = 0
  #asOf: number | null = null
  #complete = true

  constructor({
    id,
    clock,
    freshness,
    maxRequests,
    maxWaitMs,
    signal,
    validity = new AnswerValidity({ clock, freshness }),
    work = new Work({ signal }),
  }: OperationOptions) {
    this.id = id
    this.validity = validity
    this.work = work
    this.after = clock.after
    this.startedAt = clock.now()
    this.deadline = this.startedAt + maxWaitMs
    const { freshSince, staleSince } = sinceOf(this.startedAt, freshness)
    this.freshSince = freshSince
    this.staleSince = staleSince
    this.#maxRequests = maxRequests
    this.#call = {
      owner: id,
      priority: 'interactive',
      deadline: this.deadline,
      onRequest: waitedMs => {
        this.#count(waitedMs)
      },
    }
  }

  /** The same for what the answer itself is reckoned from: it stands for that moment alone. */
  now(): number {
    this.validity.markVolatile()
    return this.startedAt
  }

  /** The terms of a request made for this operation. */
  get call(): Call {
    return { ...this.#call, signal: this.work.signal }
  }

  /** Requests made so far. */
  get requests(): number {
    return this.#requests
  }

  /** Whether all that was served was read since the operation began, and nothing is missing. */
  get isCold(): boolean {
    return this.#complete && this.#asOf !== null && this.#asOf >= this.startedAt
  }

  /** Requests that may still be made, those set aside left out. */
  get requestsLeft(): number {
    return Math.max(0, this.#maxRequests - this.#requests - this.#reserved)
  }

  /** What it has seen of its questions, for the plans of later ones. */
  get observations(): Observations {
    return (this.#observations ??= new Observations())
  }

  /** What is made once, and for all who ask for it. */
  get made(): MadeOnce {
    return (this.#made ??= new MadeOnce())
  }

  /** The terms of a request, which is counted for one collection. */
  callFor(connector: string, collection: CollectionName): Call {
    const { freshSince } = this
    return {
      ...this.call,
      // Where nothing is fresh that was read before, nothing that is kept is.
      ...(freshSince < this.startedAt ? { notBefore: freshSince } : {}),
      onKept: () => {
        const key = `${connector} ${collection}`
        this.#keptFor ??= new Map()
        this.#keptFor.set(key, (this.#keptFor.get(key) ?? 0) + 1)
      },
      onRequest: waitedMs => {
        this.#count(waitedMs)
        const key = `${connector} ${collection}`
        this.#requestsFor.set(key, (this.#requestsFor.get(key) ?? 0) + 1)
      },
    }
  }

  /** Requests made so far for a collection. */
  requestsFor(connector: string, collection: ListName): number {
    return this.#requestsFor.get(`${connector} ${collection}`) ?? 0
  }

  /** Answers for a collection that were taken from where they are kept. */
  keptFor(connector: string, collection: ListName): number {
    return this.#keptFor?.get(`${connector} ${collection}`) ?? 0
  }

  /** Rows returned so far by the connection at that path. */
  rowsAt(path: string): number {
    return this.#rowsAt.get(path) ?? 0
  }

  /**
   * Sets requests aside for what is about to be read, so that others at the same time do not count on them.
   * @throws BudgetError when so many do not fit the budget.
   */
  reserve(requests: number, retryAfterMs: number, call: Call): Reservation {
    if (this.#requests + this.#reserved + requests > this.#maxRequests)
      throw new BudgetError(
        `This needs ${requests} requests to Push and ${this.requestsLeft} are left of the ${this.#maxRequests} that one operation may make; ask for less, or raise PUSHGRAPH_MAX_REQUESTS`,
        requests,
        retryAfterMs,
      )
    let left = requests
    const use = (count: number): void => {
      left -= count
      this.#reserved -= count
    }
    this.#reserved += requests
    return {
      call: {
        ...call,
        onRequest: waitedMs => {
          if (left > 0) use(1)
          call.onRequest?.(waitedMs)
        },
      },
      release: () => {
        use(left)
      },
    }
  }

  /** Rows were served that are no older than `asOf` (milliseconds). */
  served(asOf: number, fromStore: boolean): void {
    this.#asOf = this.#asOf === null ? asOf : Math.min(this.#asOf, asOf)
    if (fromStore) this.#cacheHits += 1
  }

  returned(rows: number, path?: string): void {
    this.#rowsReturned += rows
    if (path !== undefined) this.#rowsAt.set(path, this.rowsAt(path) + rows)
  }

  read(rows: number): void {
    this.#rowsRead += rows
  }

  /** Rows of that collection may be missing from what the answer rests on. */
  hasGap(connector: string, collection: CollectionName): boolean {
    return this.#gaps?.has(`${connector} ${collection}`) === true
  }

  /** The same becomes known. */
  noteGap(warning: Warning): void {
    this.#gaps ??= new Set()
    this.#gaps.add(`${warning.connector} ${warning.collection ?? ''}`)
    this.incomplete(warning)
  }

  /** Something is missing from the answer. */
  incomplete(warning: Warning): void {
    this.#complete = false
    this.warn(warning)
  }

  /** Something the caller should know, though nothing is missing. */
  warn(warning: Warning): void {
    this.validity.markVolatile()
    const { code, connector, collection, message } = warning
    this.#warnings.set(`${code} ${connector} ${collection ?? ''} ${message}`, warning)
  }

  /** What that operation serves and lacks, which was made for a part of the answer, counts here as well. */
  add(part: Operation): void {
    this.#parts = [...(this.#parts ?? []), part]
  }

  summary(): Summary {
    const own = {
      requests: this.#requests,
      waitedMs: Math.round(this.#waitedMs),
      rowsRead: this.#rowsRead,
      rowsReturned: this.#rowsReturned,
      cacheHits: this.#cacheHits,
      asOf: this.#asOf,
      complete: this.#complete,
      warnings: [...this.#warnings.values()],
      ...(this.validity.isFollowed ? ({ followed: true } as const) : {}),
    }
    return this.#parts === undefined
      ? own
      : sumOf([own, ...this.#parts.map(part => part.summary())])
  }

  #count(waitedMs: number): void {
    this.validity.markVolatile()
    this.#requests += 1
    this.#waitedMs += waitedMs
  }
}
