/** Single objects by their ids. */
import { type Maybe } from '../model/maybe.ts'
import type { CollectionName, Rows } from '../model/rows.ts'
import { isStored, type ListName } from '../model/stored.ts'
import { toError } from '../errors.ts'
import { noteFailure } from '../query/operation/failure.ts'
import type { Operation } from '../query/operation/operation.ts'
import type { RowTexts } from '../query/reading/reader.ts'
import type { Batches } from './batches.ts'
import type { Connectors } from './connectors.ts'
import type { FoundObject, LoadRow } from './found.ts'

export interface RowLoaders {
  readonly row: LoadRow
  /**
   * The same without a request of its own: null where the store does not have it and nothing else in the operation
   * asks for it.
   */
  readonly near: LoadRow
  /** The same, null where it cannot be read, of which the operation is told: what stands around it is given anyway. */
  readonly beside: LoadRow
  /** The same with the members that lists may leave out. */
  detailed<Name extends CollectionName>(
    connector: string,
    name: Name,
    id: string,
  ): Maybe<FoundObject<Name> | null>
  /** What was written of single rows of that collection before. */
  texts(connector: string, name: CollectionName): RowTexts
  /** When that row was read, in milliseconds; what is kept here is read now. */
  readAt(connector: string, name: ListName, id: string): number
}

export const createRowLoaders = (
  { readerOf }: Connectors,
  batches: Batches,
  operation: Operation,
): RowLoaders => {
  const load: LoadRow = (connector, name, id) => {
    if (id === null) return null
    const reader = readerOf(connector)
    const known = reader.known(name, id)
    if (known !== undefined) return toObject(connector, known)
    return batches
      .load(`${connector} ${name}`, id, ids => reader.rows(name, ids))
      .then(row => toObject(connector, row))
  }
  return {
    row: load,
    beside: (connector, name, id) => {
      const found = load(connector, name, id)
      if (!(found instanceof Promise)) return found
      return found.catch((failure: unknown) => {
        noteFailure(name, connector, failure, operation)
        return null
      })
    },
    near: <Name extends CollectionName>(connector: string, name: Name, id: string | null) => {
      if (id === null) return null
      const known = readerOf(connector).known(name, id)
      if (known !== undefined) return toObject(connector, known)
      return batches.asked(`${connector} ${name}`, id).then(
        row => toObject<Name>(connector, (row ?? null) as Rows[Name] | null),
        () => null,
      )
    },
    detailed: (connector, name, id) => {
      const reader = readerOf(connector)
      return (
        batches
          .load(`${connector} ${name} detailed`, id, ids =>
            Promise.all(ids.map(each => reader.detailed(name, each).catch(toError))),
          )
          // All of them come at once, and what is made of each takes its time.
          .then(row => operation.work.later(() => toObject(connector, row), true))
      )
    },
    texts: (connector, name) => readerOf(connector).store.table(name).texts,
    readAt: (connector, name, id) =>
      isStored(name) ? operation.startedAt : readerOf(connector).store.table(name).readAt(id),
  }
}

const toObject = <Name extends CollectionName>(
  connector: string,
  row: Rows[Name] | null,
): FoundObject<Name> | null => (row === null ? null : { connector, row })
