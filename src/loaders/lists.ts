/** Lists of Push's objects, and the one object that a filter names. */
import { BadInputError, toError } from '../errors.ts'
import { allOf, andThen, type Maybe, settled } from '../model/maybe.ts'
import type { ToMany } from '../model/relations.ts'
import type { CollectionName, Row } from '../model/rows.ts'
import type { ListName } from '../model/stored.ts'
import { fieldOf } from '../model/values.ts'
import { createConnection, type ListConnection } from '../query/list/connection.ts'
import type { ListQuery, ParentScope } from '../query/list/list-query.ts'
import { filterOf, type ListTerms, orderOf } from '../query/list/read-arguments.ts'
import { noteFailure } from '../query/operation/failure.ts'
import type { Operation } from '../query/operation/operation.ts'
import type { Batches } from './batches.ts'
import type { ConnectorNames, Connectors } from './connectors.ts'
import { type FoundObject, type LoadRow, theOne } from './found.ts'

export interface ListLoaders {
  /** A root list over those connectors. */
  list(connectors: ConnectorNames, name: CollectionName, terms: ListTerms): ListConnection
  /** Reads a filter of that list for nobody. @throws BadInputError where it cannot be asked */
  checkFilter(name: ListName, filter: unknown, path: string): void
  /** The list of the rows that a to-many relation leads to. */
  related(connector: string, relation: ToMany, parent: Row, terms: ListTerms): ListConnection
  /**
   * The one object that `by` names, in that connector or else in any; null where there is none.
   * @throws BadInputError where several connectors know it.
   */
  find<Name extends CollectionName>(
    connector: string | null | undefined,
    name: Name,
    by: { readonly id: string } | { readonly filter: unknown },
  ): Maybe<FoundObject<Name> | null>
}

/** The rows that a to-many relation leads to from that row, which are read in one batch with those of others. */
export type ScopeOf = (connector: string, relation: ToMany, parent: Row) => ParentScope

export const createScopeOf = ({ readerOf }: Connectors, batches: Batches): ScopeOf => {
  const children = (
    connector: string,
    name: CollectionName,
    field: string,
    value: string,
  ): Maybe<readonly Row[]> => {
    const reader = readerOf(connector)
    return (
      reader.knownChildren(name, field, value) ??
      batches.load(`${connector} ${name} ${field}`, value, values =>
        reader.children(name, field, values),
      )
    )
  }
  return (connector, { to, ownField, foreignField, exceptSelf }, parent) => {
    const value: unknown = fieldOf(parent, ownField)
    return {
      field: foreignField,
      value: typeof value === 'string' ? value : '',
      except: exceptSelf ? parent.id : undefined,
      read: () => (typeof value === 'string' ? children(connector, to, foreignField, value) : []),
    }
  }
}

const hint = { argument: 'connector', hint: '; name one with "connector"' }

export const createListLoaders = (
  { readerOf, readersOf }: Connectors,
  scopeOf: ScopeOf,
  row: LoadRow,
  operation: Operation,
): ListLoaders => {
  const queryOf = (
    collection: CollectionName,
    { filter, orderBy, path }: ListTerms,
    scope?: ParentScope,
  ): ListQuery => ({
    collection,
    filter: filterOf(collection, filter, operation),
    scope,
    order: orderOf(collection, orderBy, operation),
    path,
  })

  const list: ListLoaders['list'] = (connectors, name, terms) =>
    createConnection(queryOf(name, terms), terms, readersOf(connectors), operation)

  return {
    list,
    checkFilter: (name, filter, path) => {
      filterOf(name, filter, operation, path)
    },
    related: (connector, relation, parent, terms) => {
      const query = queryOf(relation.to, terms, scopeOf(connector, relation, parent))
      return createConnection(query, terms, [readerOf(connector)], operation)
    },
    find: <Name extends CollectionName>(
      connector: string | null | undefined,
      name: Name,
      by: { readonly id: string } | { readonly filter: unknown },
    ) => {
      const lookUp = (alias: string): Maybe<FoundObject<Name> | null> =>
        'id' in by
          ? row(alias, name, by.id)
          : andThen(
              list([alias], name, { filter: by.filter, first: 1 }).page(),
              page => (page.take()[0] ?? null) as FoundObject<Name> | null,
            )
      try {
        const readers = readersOf(connector ? [connector] : undefined, 'connector')
        const answers = readers.map(({ alias }) => settled(() => lookUp(alias)))
        return andThen(allOf(answers), each => {
          // Another connector may have it: what one of them did not say is missing.
          for (const [index, answer] of each.entries())
            if ('failure' in answer && !(answer.failure instanceof BadInputError))
              noteFailure(name, readers[index]?.alias ?? '', answer.failure, operation)
          return theOne(each, hint)
        })
      } catch (error) {
        return Promise.reject(toError(error))
      }
    },
  }
}
