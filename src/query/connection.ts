/** A list with everything that may be asked of it, each part worked out when it is asked for and then once. */
import {
  gather,
  type Item,
  type ListPage,
  type Question,
  readPage,
  readRange,
  then,
} from './list.ts'
import type { Operation } from './operation.ts'
import type { Maybe, Reader } from './read.ts'

export interface Connection {
  readonly question: Question
  page(): Maybe<ListPage>
  /** How many rows the list has. @throws BudgetError when that cannot be known within the operation's budget. */
  totalCount(): Maybe<number>
  /** All rows of the list, in no order. */
  items(): Maybe<readonly Item[]>
  readonly readers: readonly Reader[]
}

/** @throws BadInputError at once, before anything is read, when the arguments cannot be used. */
export const createConnection = (
  question: Question,
  readers: readonly Reader[],
  operation: Operation,
): Connection => {
  readRange(
    question,
    readers.map(({ alias }) => alias),
  )
  const page = once(() => readPage(question, readers, operation))
  const all = once(() => gather(question, readers, operation))
  return {
    question,
    readers,
    page,
    totalCount: () => then(all(), gathered => gathered.items.length),
    items: () => then(all(), gathered => gathered.items),
  }
}

const once = <T>(run: () => Maybe<T>): (() => Maybe<T>) => {
  let kept: { readonly value: Maybe<T> } | undefined
  return () => (kept ??= { value: run() }).value
}
