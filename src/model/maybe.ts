/** A value where it is at hand, else the promise of it: what the store can answer costs no turn of the event loop. */
export type Maybe<T> = T | Promise<T>

/**
 * Goes on with the value, at once where it is at hand. Not named `then`: a module that exports that is a thenable, and
 * whoever imports it dynamically gets an error instead.
 */
export const andThen = <T, U>(value: Maybe<T>, next: (value: T) => Maybe<U>): Maybe<U> =>
  value instanceof Promise ? value.then(next) : next(value)

/** All of the values, at once where all are at hand. */
export const all = <T>(values: readonly Maybe<T>[]): Maybe<T[]> =>
  values.some(value => value instanceof Promise)
    ? Promise.all(values.map(async value => value))
    : (values as T[])
