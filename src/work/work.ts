/** The work of one operation: in slices, so that others have their turn, and within what one may take. */
import type { Maybe } from '../model/maybe.ts'
import { EarlyEnd } from './early-end.ts'
import { Guess } from './guess.ts'
import { HeldAnswer } from './held-answer.ts'
import type { HeldMemory, LargeHolder } from './large-holdings.ts'
import { nobodyWaits, tooLongAnswer, tooMuchTime } from './refusals.ts'
import type { Steps } from './steps.ts'
import { Turns, type QueuedWork } from './turns.ts'
import type { WorkOptions } from './work-options.ts'

const anyTurns = new Turns()

interface Waiter {
  readonly goOn: () => void
  /** Absent where it is simply forgotten when the work ends. */
  readonly fail?: (failure: Error) => void
}

// A class rather than closures: one is made for each operation, and most of what it can do is never asked of it.
export class Work implements QueuedWork, LargeHolder {
  readonly caller: string
  hasHeldMuch = false
  readonly #turns: Turns
  readonly #maxCpuMs: number
  readonly #maxAnswerBytes: number
  /** Aborted where its caller has left. */
  readonly #left: AbortSignal | undefined
  /** Undefined where its answer counts nowhere, or no more. */
  #held: HeldAnswer | undefined
  /** The last is the first to go on: what was begun is finished before more is begun. */
  #waiting: Waiter[] = []
  /** Those go on in their order, behind all of these. */
  readonly #behind: Waiter[] = []
  /** Processor time of earlier turns, and what of this one passed while it worked, in milliseconds. */
  #spentMs = 0
  #turnMs = 0
  #turn = 0
  readonly #guess = new Guess()
  /** The turn that is known to be over. */
  #overIn = -1
  #times = 1
  #bytes = 0
  #isQueued = false
  #idle: (() => void)[] | undefined
  #failure: Error | undefined
  #onEnd: ((failure: Error) => void) | undefined
  /** Made for whoever works for it elsewhere: most have nobody. */
  #early: EarlyEnd | undefined

  constructor({
    turns = anyTurns,
    caller = '',
    payer = caller,
    maxCpuMs = Infinity,
    maxAnswerBytes = Infinity,
    answers,
    signal,
  }: WorkOptions = {}) {
    this.#turns = turns
    this.caller = caller
    this.#maxCpuMs = maxCpuMs
    this.#maxAnswerBytes = maxAnswerBytes
    this.#left = signal
    this.#held = answers && new HeldAnswer(answers, payer)
  }

  /** Why it has ended before its time; undefined while it goes on. */
  get failure(): Error | undefined {
    return this.#failure
  }

  /** Aborted once it ends before its time: then nothing that was begun for it elsewhere is of use, either. */
  get signal(): AbortSignal {
    this.#early ??= new EarlyEnd(this.#left, this.#failure !== undefined)
    return this.#early.signal
  }

  /** Processor time spent so far, in milliseconds. */
  get spentMs(): number {
    return this.#spentMs + this.#turnMs
  }

  /** The same that it may still take. @throws what ended the work, be it that it has taken more */
  leftMs(): number {
    this.#check()
    if (this.#failure !== undefined) throw this.#failure
    return this.#maxCpuMs - this.spentMs
  }

  /** Whether others are to have their turn first: then `next` or `later`, and on from where it was. */
  isOver(): boolean {
    const turns = this.#turns
    const ms = turns.look()
    this.took(ms)
    this.#guess.learn(ms)
    const isOver = turns.isOver(this.#times)
    if (isOver) {
      this.#overIn = turns.number
      // A turn as long as this one may have been taken from us by others on the machine.
      this.#spentMs += this.#turnMs * turns.share()
      this.#turnMs = 0
    }
    this.#check()
    return isOver || this.#failure !== undefined
  }

  /** Takes about so much work out of this turn. False where it is over. */
  spend(nanoseconds: number): boolean {
    if (this.isKnownOver) return false
    return !this.#guess.add(nanoseconds) || !this.isOver()
  }

  /** Whether it has been seen that the turn is over, without a look at the time. */
  get isKnownOver(): boolean {
    return this.#overIn === this.#turns.number || this.#failure !== undefined
  }

  /** This turn lasts so many times as long, for a step that cannot be broken off; behind it, 1 makes it as long as others. */
  extend(times: number): void {
    this.#times = times
    this.#overIn = -1
  }

  /** Resolves when others have had their turn; `isLast` as for `later`. @throws what ended the work */
  next(isLast = false): Promise<void> {
    return new Promise((goOn, fail) => {
      if (this.#failure === undefined) this.#wait({ goOn, fail }, isLast)
      else fail(this.#failure)
    })
  }

  /**
   * What comes of it: at once, or where this turn is over, when others have had theirs and nothing that was begun waits.
   * What asks for that goes on in the order in which it did. @throws what ended the work
   */
  inTurn<T>(go: () => Maybe<T>): Maybe<T> {
    return this.isOver() ? this.next(true).then(go) : go()
  }

  /**
   * What `make` makes when others have had their turn; never where the work ends before, which `untilEnd` tells. `isLast`:
   * when nothing that was begun waits, either, in the order in which that was asked for.
   */
  later<T>(make: () => T, isLast = false): Promise<Awaited<T>> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return
      const goOn = (): void => {
        try {
          resolve(make() as Awaited<T>)
        } catch (failure) {
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as it was thrown
          reject(failure)
        }
      }
      this.#wait({ goOn }, isLast)
    })
  }

  /**
   * Takes those steps, which yield where the turn is over, or what they wait for; what they come to, at once where that is in
   * this turn. @throws what ended the work
   */
  run<T>(steps: Steps<T>): Maybe<T> {
    const step = steps.next()
    if (step.done === true) return step.value
    const next = step.value === undefined ? this.next() : step.value.then(() => this.next())
    return next.then(() => this.run(steps))
  }

  /** What `use` makes, which may hold much meanwhile: then others of its caller wait for their turn to. @throws what `use` throws */
  hold<T>(use: (holding: HeldMemory) => Maybe<T>): Maybe<T> {
    return this.#turns.holdings.hold(this, use)
  }

  /**
   * Calls back in a later turn, once nothing of this work waits for one: what comes up in several turns comes up
   * together. Never where the work ends before.
   */
  whenIdle(callback: () => void): void {
    this.#turns.defer(() => {
      if (!this.#waits) callback()
      else (this.#idle ??= []).push(callback)
    })
  }

  /**
   * Resolves once nothing of this work waits for a turn: what is asked for beside, in the same selection, has begun by
   * then, also where the turn was over in between. Never where the work ends before.
   */
  async idle(): Promise<void> {
    await Promise.resolve()
    if (this.#waits)
      await new Promise<void>(resolve => {
        this.whenIdle(resolve)
      })
  }

  /** So many bytes of the answer more. */
  wrote(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > this.#maxAnswerBytes) this.#check()
    const refused = this.#held?.grow(this.#bytes)
    if (refused !== undefined) this.end(refused)
  }

  /** Its answer is made, or never will be: it counts no more among those that are. */
  settle(): void {
    this.#held?.settle()
    this.#held = undefined
  }

  /** Whether the work ends well: not before its time, and with an answer of so many bytes. */
  fits(bytes: number): boolean {
    this.#bytes = bytes
    this.#check()
    return this.#failure === undefined
  }

  /** The answer is written anew. */
  recount(): void {
    this.#bytes = 0
  }

  /** What comes of it, unless the work ends before. @throws what ended it */
  untilEnd<T>(coming: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      coming.then(resolve, reject)
      this.#onEnd = reject
      if (this.#failure !== undefined) reject(this.#failure)
    })
  }

  /** Ends it: what waits goes on no more. */
  end(failure: Error): void {
    if (this.#failure !== undefined) return
    this.#failure = failure
    this.settle()
    for (const { fail } of [...this.#waiting.splice(0), ...this.#behind.splice(0)]) fail?.(failure)
    this.#onEnd?.(failure)
    this.#early?.abort()
  }

  took(ms: number): void {
    const { number } = this.#turns
    if (number !== this.#turn) {
      this.#spentMs += this.#turnMs
      this.#turnMs = 0
      this.#turn = number
    }
    this.#turnMs += ms
    this.#turns.charge(this.caller, ms)
  }

  /** So many milliseconds of processor time were taken for it outside of its turns, by another thread or the database. */
  tookElsewhere(ms: number): void {
    this.#spentMs += ms
    this.#turns.charge(this.caller, ms)
    this.#check()
  }

  goOn(): boolean {
    this.#check()
    this.#times = 1
    if (this.#waiting.length === 0) this.#waiting = this.#behind.splice(0).reverse()
    this.#waiting.pop()?.goOn()
    this.#isQueued = this.#waits
    if (!this.#isQueued && this.#idle !== undefined)
      for (const callback of this.#idle.splice(0)) this.whenIdle(callback)
    return this.#isQueued
  }

  get #waits(): boolean {
    return this.#waiting.length > 0 || this.#behind.length > 0
  }

  #wait(waiter: Waiter, isLast = false): void {
    ;(isLast ? this.#behind : this.#waiting).push(waiter)
    if (this.#isQueued) return
    this.#isQueued = true
    this.#turns.wait(this)
  }

  /** Ends it where nobody waits for it, or it has taken what it may. */
  #check(): void {
    if (this.#failure !== undefined) return
    if (this.#left?.aborted === true) this.end(nobodyWaits())
    else if (this.spentMs > this.#maxCpuMs) this.end(tooMuchTime(this.spentMs, this.#maxCpuMs))
    else if (this.#bytes > this.#maxAnswerBytes)
      this.end(tooLongAnswer(this.#bytes, this.#maxAnswerBytes))
  }
}
