/** What is there at once, or comes later: whoever need not wait for it does not. */
export type MaybePromise<Value> = Value | Promise<Value>

/** What `next` makes of the value, at once where it is there. */
export const whenThere = <Value, Result>(
  value: MaybePromise<Value>,
  next: (value: Value) => Result,
): MaybePromise<Awaited<Result>> =>
  (value instanceof Promise ? value.then(next) : next(value)) as MaybePromise<Awaited<Result>>
