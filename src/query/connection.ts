/** A list with everything that may be asked of it, each part worked out when it is asked for and then once. */
import { type Maybe, andThen } from '../model/maybe.ts'
import type { GroupArguments } from '../filter/read-grouping.ts'
import { gather } from './gather.ts'
import { type GroupCount, groupsOf } from './groups.ts'
import { type ListPage, type Question, readPage, readRange } from './list.ts'
import type { Operation } from './operation.ts'
import type { Reader } from './read.ts'

export interface Connection {
  readonly question: Question
  page(): Maybe<ListPage>
  /** How many rows the list has. @throws BudgetError when that cannot be known within the operation's budget. */
  totalCount(): Maybe<number>
  /** How many rows share the same values. @throws BadInputError, BudgetError like `totalCount`. */
  groups(args: GroupArguments): Maybe<readonly GroupCount[]>
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
    page,
    totalCount: () =>
      andThen(all(), ({ parts }) => parts.reduce((sum, { rows }) => sum + rows.length, 0)),
    groups: args =>
      groupsOf(question.collection, args, readers, () => andThen(all(), ({ parts }) => parts)),
  }
}

const once = <T>(run: () => Maybe<T>): (() => Maybe<T>) => {
  let kept: { readonly value: Maybe<T> } | undefined
  return () => (kept ??= { value: run() }).value
}
