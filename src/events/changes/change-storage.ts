/** Where changes are kept: a file, or a database. What one of them is asked within one noting is asked in a transaction. */
import type { NewChange } from '../../model/row-changes.ts'
import type { Later } from '../known/later.ts'

/** A change with its values as JSON. */
export interface WrittenChange extends Pick<
  NewChange,
  'connector' | 'collection' | 'objectId' | 'kind' | 'field' | 'at' | 'learntFrom'
> {
  readonly old: string | null
  readonly new: string | null
}

/** One that is there, with what it takes; times are UNIX seconds. */
export interface KeptChange {
  readonly sequence: number
  readonly collection: string
  readonly field: string | null
  readonly new_value: string | null
  readonly at: number
  readonly bytes: number
}

/** Changes that go: with the last of their sequences, what they take, and the last moment that one of them tells of. */
export interface GoneChanges {
  readonly sequences: readonly number[]
  readonly last: number
  readonly bytes: number
  readonly latest: number
}

export interface ChangeStorage {
  /** The newest change of that field from `from` on and before `until`. */
  changeOf(
    change: WrittenChange,
    from: number,
    until: number,
  ): Later<{ readonly sequence: number; readonly new_value: string | null } | undefined>
  /** One more, which takes so many bytes. */
  addChange(change: WrittenChange, bytes: number): Later<void>
  /** It has that value from now on, and takes so many bytes more. */
  foldInto(sequence: number, value: string | null, bytes: number): Later<void>
  /** What changes, known rows and the moments of their lists take together. */
  historyBytes(): Later<number>
  /** The oldest ones in the order of their sequences. */
  oldestChanges(most: number): Later<Iterable<KeptChange>>
  /** Deletes them, and remembers that they are gone. */
  removeChanges(gone: GoneChanges): Later<void>
  /** Deletes a day of the oldest moments at which lists agreed, up to so many, but for the newest of each list; how many there were. */
  dropMoments(most: number): Later<number>
}
