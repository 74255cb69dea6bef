/** Work that may have to wait for where things are kept: of a file it never does, of a database it does now and then. */

/** Taken up with `yield*`, it comes to its result; what it yields meanwhile is waited for. */
export interface Later<Result> {
  [Symbol.iterator](): Iterator<Promise<unknown>, Result, unknown>
}

/** There is nothing to wait for. */
export const known = <Result>(result: Result): Later<Result> => new Known(result)

/** One object that is all of it: there is one for each row that is told of. */
class Known<Result> implements Later<Result> {
  readonly done = true
  readonly value: Result

  constructor(value: Result) {
    this.value = value
  }

  [Symbol.iterator](): this {
    return this
  }

  next(): this {
    return this
  }
}

/** What the promise resolves to. */
export function* awaited<Result>(
  promise: Promise<Result>,
): Generator<Promise<unknown>, Result, unknown> {
  return (yield promise) as Result
}

/** The result of work that waits for nothing. @throws {Error} where it would */
export const resultNow = <Result>(work: Later<Result>): Result => {
  const step = work[Symbol.iterator]().next()
  if (step.done !== true) throw new Error('Nobody can wait here')
  return step.value
}

/** The result, once all that it waits for is there. */
export const resultLater = async <Result>(work: Later<Result>): Promise<Result> => {
  const steps = work[Symbol.iterator]()
  for (let step = steps.next(); ;) {
    if (step.done === true) return step.value
    let came: unknown
    try {
      came = await step.value
    } catch (error) {
      if (steps.throw === undefined) throw error
      step = steps.throw(error)
      continue
    }
    step = steps.next(came)
  }
}
