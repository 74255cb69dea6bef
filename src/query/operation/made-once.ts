/** What one operation makes once and then has at hand: what a filter means, the rows that its lists agree on. */

/** Nothing is made yet. */
export class MadeOnce {
  readonly #byKey = new Map<string, unknown>()
  readonly #byArgument = new Map<string, Map<unknown, unknown>>()

  /** What `make` made for that key before, else what it makes now. */
  once<T>(key: string, make: () => T): T {
    const known = this.#byKey.get(key) as T | undefined
    if (known !== undefined) return known
    const value = make()
    this.#byKey.set(key, value)
    return value
  }

  /** The same of an argument: `what` it is made into, once for arguments that are equal. */
  onceOf<T>(argument: unknown, what: string, make: () => T): T {
    let made = this.#byArgument.get(what)
    if (made === undefined) this.#byArgument.set(what, (made = new Map<unknown, unknown>()))
    const known = made.get(argument) as T | undefined
    if (known !== undefined) return known
    const value = this.once(`${what} ${JSON.stringify(argument)}`, make)
    made.set(argument, value)
    return value
  }

  /** Something was changed: what was made before is made anew. */
  forget(): void {
    this.#byKey.clear()
    this.#byArgument.clear()
  }
}
