/** A value where it is at hand, else the promise of it: what the store can answer costs no turn of the event loop. */
export type Maybe<T> = T | Promise<T>

/**
 * Goes on with the value, at once where it is at hand. Not named `then`: a module that exports that is a thenable, and
 * whoever imports it dynamically gets an error instead.
 */
export const andThen = <T, U>(value: Maybe<T>, next: (value: T) => Maybe<U>): Maybe<U> =>
  value instanceof Promise ? value.then(next) : next(value)

/** All of the values, at once where all are at hand. */
export const allOf = <T>(values: readonly Maybe<T>[]): Maybe<T[]> =>
  values.some(value => value instanceof Promise)
    ? Promise.all(values.map(async value => value))
    : (values as T[])

export type Settled<T> = { readonly value: T } | { readonly failure: unknown }

/** What a reading came to, at once where that is at hand; what it throws is an answer too. */
export const settled = <T>(read: () => Maybe<T>): Maybe<Settled<T>> => {
  const failed = (failure: unknown): Settled<T> => ({ failure })
  try {
    const value = read()
    return value instanceof Promise ? value.then(given => ({ value: given }), failed) : { value }
  } catch (failure) {
    return failed(failure)
  }
}
