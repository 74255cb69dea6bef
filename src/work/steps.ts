/** Steps that are taken in turns: where they yield, they go on in the next one, once what they yield has resolved. */
export type Steps<T> = Generator<void | Promise<void>, T>
