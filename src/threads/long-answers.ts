/**
 * Long answers of a thread, in parts: what takes long to read in one step would hold up everybody where it is read. One part
 * is on its way at a time, whatever the thread was asked, and the answers take turns; those that come together would be read
 * together, too.
 */
import type { PartOfAnswer, Result } from './messages.ts'

/** What is left of an answer. */
interface Left {
  readonly id: number
  readonly of: readonly unknown[]
  from: number
  readonly tookMs: number
}

export class LongAnswers {
  readonly #send: (message: Result | PartOfAnswer) => void
  readonly #left: Left[] = []
  /** Values in all that is left. */
  #values = 0
  /** Whether a part is on its way. */
  #isUnread = false
  #onRoom: (() => void) | undefined

  constructor(send: (message: Result | PartOfAnswer) => void) {
    this.#send = send
  }

  /** Sends the result: at once, or where it is a long list in parts. */
  begin(id: number, result: unknown, tookMs: number): void {
    const values = Array.isArray(result) ? valuesFrom(result, 0) : 0
    if (values <= PART_VALUES) {
      this.#send({ id, result, tookMs })
      return
    }
    this.#left.push({ id, of: result as readonly unknown[], from: 0, tookMs })
    this.#values += values
    if (!this.#isUnread) this.#goOn()
  }

  /** The part that was on its way has been read. */
  isRead(): void {
    this.#isUnread = false
    this.#goOn()
    this.#tellRoom()
  }

  /** Nobody waits for the rest of that answer. */
  end(id: number): void {
    const index = this.#left.findIndex(left => left.id === id)
    const [left] = index < 0 ? [] : this.#left.splice(index, 1)
    if (left !== undefined) this.#values -= valuesFrom(left.of, left.from)
    this.#tellRoom()
  }

  /** Calls back once not too much of them waits to be read, for whoever makes more; the last who asked. */
  whenRoom(callback: () => void): void {
    this.#onRoom = callback
    this.#tellRoom()
  }

  #tellRoom(): void {
    if (this.#values > MOST_VALUES || this.#onRoom === undefined) return
    setImmediate(this.#onRoom)
    this.#onRoom = undefined
  }

  #goOn(): void {
    const answer = this.#left.shift()
    if (answer === undefined) return
    const { id, of, from, tookMs } = answer
    const { end, values } = partFrom(of, from)
    const part = of.slice(from, end)
    this.#values -= values
    this.#isUnread = true
    if (end === of.length) {
      this.#send({ id, part, tookMs })
      return
    }
    answer.from = end
    this.#left.push(answer)
    this.#send({ id, part })
  }
}

/** Values that are read in one step: about a millisecond. A text counts as so many of them as its letters say. */
const PART_VALUES = 16_000
const LETTERS = 128
/** Values that may wait: some ten megabytes. */
const MOST_VALUES = 100_000

/** The next part: the index behind its last element, and its values. One element at least. */
const partFrom = (
  of: readonly unknown[],
  from: number,
): { readonly end: number; readonly values: number } => {
  let values = 0
  for (let at = from; at < of.length; at += 1) {
    const more = valuesIn(of[at])
    if (values + more > PART_VALUES && at > from) return { end: at, values }
    values += more
  }
  return { end: of.length, values }
}

const valuesFrom = (of: readonly unknown[], from: number): number => {
  let values = 0
  for (let at = from; at < of.length; at += 1) values += valuesIn(of[at])
  return values
}

const valuesIn = (value: unknown): number => {
  if (typeof value === 'string') return 1 + Math.floor(value.length / LETTERS)
  if (typeof value !== 'object' || value === null) return 1
  let values = 1
  for (const key in value) values += valuesIn((value as Readonly<Record<string, unknown>>)[key])
  return values
}
