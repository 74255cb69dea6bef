/** A change that is asked for, and what comes of it. */
import { BadInputError } from '../errors.ts'
import type { Members } from '../model/events.ts'
import type { Row } from '../model/rows.ts'
import type { Call, ConnectorStore } from '../store/store.ts'
import type { MutationName, ObjectWrite } from './mutations.ts'

/** What a mutation gives. `row` is null where Push has no such object; of one that was deleted it is what was known. */
export interface WriteResult {
  readonly connector: string
  readonly id: string
  readonly row: Row | null
  readonly isDeleted: boolean
}

/** The connector that is written to, on the terms of the operation that asks. */
export interface WriteTarget {
  readonly store: ConnectorStore
  /** Sets so many requests aside. @throws BudgetError where they do not fit */
  reserve(requests: number): { readonly call: Call; readonly release: () => void }
}

/** Under which name it is recorded, and what it asks for; undefined where the caller gave no name. */
export interface RecordKey {
  readonly id: string
  readonly input: string
}

export interface AskedWrite {
  readonly mutation: MutationName
  readonly input: Members
  readonly write: ObjectWrite
  readonly target: WriteTarget
  readonly key: RecordKey | undefined
}

/** What is recorded of it. */
export type Recorded = Omit<WriteResult, 'connector'>

/** @throws BadInputError where what is recorded under that name asks for something else */
export const checkSameInput = (input: string, key: RecordKey): void => {
  if (input !== key.input)
    throw new BadInputError(
      'Another change was asked for under this clientMutationId in the last ten minutes: give each change one of its own',
      'input.clientMutationId',
    )
}

/** Whether the object, read again, is as was asked for; null where it could not be read. */
export const seen = (
  write: ObjectWrite,
  now: Row | null | undefined,
): { readonly isAsAsked: boolean | null } => ({
  isAsAsked: now === undefined ? null : write.isMadeOn(now),
})
