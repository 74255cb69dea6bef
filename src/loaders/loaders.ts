/**
 * What the resolvers ask: one object by id, one parent's rows, a list. Questions of one kind that come up together
 * are one batch, so that the cheapest way of reading is chosen for all of them at once. Made anew for every request.
 */
import DataLoader from 'dataloader'
import { allOf, andThen, type Maybe, settled } from '../model/maybe.ts'
import type { ToMany } from '../model/relations.ts'
import type { CollectionName, Row, Rows } from '../model/rows.ts'
import { isStored, type ListName } from '../model/stored.ts'
import { BadInputError, toError } from '../errors.ts'
import { type ListConnection, createConnection } from '../query/list/connection.ts'
import { filterOf, type ListTerms, orderOf } from '../query/list/read-arguments.ts'
import type { ListQuery, ParentScope } from '../query/list/list-query.ts'
import type { Operation } from '../query/operation/operation.ts'
import type { Reader, RowTexts } from '../query/reading/reader.ts'
import type { StoredSource } from '../query/stored/list.ts'
import { type FoundObject, type LoadRow, theOne } from './found.ts'
import { createReferenceLoaders, type ReferenceLoaders } from './references.ts'
import { createStoredLoaders, emptySource, type StoredLoaders } from './stored.ts'
import { createSearch, type Search, type SearchArguments } from '../query/search/search.ts'
import type { TimelineArguments } from '../query/ocsf-list/arguments.ts'
import { createTimeline, type Timeline } from '../query/ocsf-list/timeline.ts'
import { type ConnectorView, viewConnector } from '../query/connector-view.ts'
import { fieldOf } from '../model/values.ts'

export type { FoundObject } from './found.ts'
export type { AnyNeed, Need } from '../query/planning/need.ts'
export type { ListConnection } from '../query/list/connection.ts'
export type { ListItem, ListPage } from '../query/list/page.ts'
export type { ListTerms } from '../query/list/read-arguments.ts'
export type { Summary } from '../query/operation/operation.ts'
export type { AnswerValidity } from '../query/operation/answer-validity.ts'
export type { RowTexts } from '../query/reading/reader.ts'
export type { PlanReport } from '../query/planning/report.ts'
export type { Hit, Search, SearchArguments } from '../query/search/search.ts'
export { checkGroups } from '../query/list/groups.ts'
export { searchNeeds } from '../query/search/search.ts'
export { timelineNeeds } from '../query/ocsf-list/needs.ts'
export type { Timeline } from '../query/ocsf-list/timeline.ts'
export type { TimelineArguments } from '../query/ocsf-list/arguments.ts'
export type { TimelineItem, TimelineName } from '../query/ocsf-list/item.ts'
export type { ConnectorView } from '../query/connector-view.ts'

export type { StoredConnection, StoredItem, StoredSource } from '../query/stored/list.ts'

export interface Loaders extends StoredLoaders, ReferenceLoaders {
  readonly row: LoadRow
  /**
   * The same without a request of its own: null where the store does not have it and nothing else in the operation
   * asks for it.
   */
  near<Name extends CollectionName>(
    connector: string,
    name: Name,
    id: string | null,
  ): Maybe<FoundObject<Name> | null>
  /** What was written of single rows of that collection before. */
  texts(connector: string, name: CollectionName): RowTexts
  /** When that row was read, in milliseconds; what is kept here is read now. */
  readAt(connector: string, name: ListName, id: string): number
  /** The same with the members that lists may leave out. */
  detailed<Name extends CollectionName>(
    connector: string,
    name: Name,
    id: string,
  ): Maybe<FoundObject<Name> | null>
  /**
   * The one object that `by` names, in that connector or else in any; null where there is none.
   * @throws BadInputError where several connectors know it.
   */
  find<Name extends CollectionName>(
    connector: string | null | undefined,
    name: Name,
    by: { readonly id: string } | { readonly filter: unknown },
  ): Maybe<FoundObject<Name> | null>
  /** The list of the rows that a to-many relation leads to. */
  related(connector: string, relation: ToMany, parent: Row, terms: ListTerms): ListConnection | null
  /** A root list over those connectors; over all where none are named. */
  list(
    connectors: readonly string[] | null | undefined,
    name: CollectionName,
    terms: ListTerms,
  ): ListConnection
  /**
   * One value looked for in all collections of those connectors; of all where none are named.
   * @throws BadInputError at once when the arguments cannot be used.
   */
  search(connectors: readonly string[] | null | undefined, args: SearchArguments): Search
  /**
   * The objects of several collections, and the events, in the order of time; of all connectors where none are named.
   * @throws BadInputError at once when the arguments cannot be used.
   */
  timeline(connectors: readonly string[] | null | undefined, args: TimelineArguments): Timeline
  /** Every connector that the caller sees, or the one of that alias. */
  connectors(): readonly ConnectorView[]
  connector(alias: string): ConnectorView
}

const wayOut = { argument: 'connector', hint: '; name one with "connector"' }

export const createLoaders = (
  readers: ReadonlyMap<string, Reader>,
  operation: Operation,
  stored: StoredSource = emptySource,
): Loaders => {
  const batches = new Map<string, DataLoader<string, unknown>>()
  /** What the batches were asked for, by their keys. */
  const asked = new Map<string, Map<string, Promise<unknown>>>()

  /** `argument` is the one that the caller named it by. */
  const readerOf = (connector: string, argument = 'connectors'): Reader => {
    const reader = readers.get(connector)
    if (reader === undefined)
      throw new BadInputError(
        `There is no connector "${connector}"; the field "connectors" lists them`,
        argument,
      )
    return reader
  }

  /** One loader for each kind of question, which its key names whole. */
  const batch = <Value>(
    key: string,
    load: (keys: readonly string[]) => Promise<(Value | Error)[]>,
  ): DataLoader<string, Value> => {
    const found = batches.get(key)
    if (found !== undefined) return found as DataLoader<string, Value>
    const cacheMap = new Map<string, Promise<Value>>()
    const loader = new DataLoader<string, Value>(load, { cacheMap })
    batches.set(key, loader)
    asked.set(key, cacheMap)
    return loader
  }

  const wrap = <Name extends CollectionName>(
    connector: string,
    row: Rows[Name] | null,
  ): FoundObject<Name> | null => (row === null ? null : { connector, row })

  const row: Loaders['row'] = <Name extends CollectionName>(
    connector: string,
    name: Name,
    id: string | null,
  ) => {
    if (id === null) return null
    const reader = readerOf(connector)
    const known = reader.known(name, id)
    if (known !== undefined) return wrap<Name>(connector, known)
    return batch<Rows[Name] | null>(`${connector} ${name}`, ids => reader.rows(name, ids))
      .load(id)
      .then(found => wrap<Name>(connector, found))
  }

  const near: Loaders['near'] = <Name extends CollectionName>(
    connector: string,
    name: Name,
    id: string | null,
  ) => {
    if (id === null) return null
    const known = readerOf(connector).known(name, id)
    if (known !== undefined) return wrap<Name>(connector, known)
    // The fields beside the one that asks begin in the same turn: whatever they ask for is then on its way.
    return Promise.resolve()
      .then(() => asked.get(`${connector} ${name}`)?.get(id))
      .then(
        found => wrap<Name>(connector, (found ?? null) as Rows[Name] | null),
        () => null,
      )
  }

  const children = (
    connector: string,
    name: CollectionName,
    field: string,
    value: string,
  ): Maybe<readonly Row[]> => {
    const reader = readerOf(connector)
    const known = reader.knownChildren(name, field, value)
    if (known !== undefined) return known
    return batch<readonly Row[]>(`${connector} ${name} ${field}`, values =>
      reader.children(name, field, values),
    ).load(value)
  }

  const aliasesOf = (
    names: readonly string[] | null | undefined | '',
    argument?: string,
  ): readonly string[] => {
    const aliases = names || [...readers.keys()]
    for (const alias of aliases) readerOf(alias, argument)
    return [...new Set(aliases)]
  }

  const readersOf = (names: readonly string[] | null | undefined): readonly Reader[] =>
    aliasesOf(names).map(alias => readerOf(alias))

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

  const list: Loaders['list'] = (connectors, name, terms) =>
    createConnection(queryOf(name, terms), terms, readersOf(connectors), operation)

  return {
    ...createStoredLoaders(readersOf, stored, operation),
    ...createReferenceLoaders(readers, row),
    row,
    near,
    texts: (connector, name) => readerOf(connector).store.table(name).texts,
    readAt: (connector, name, id) =>
      isStored(name) ? operation.startedAt : readerOf(connector).store.table(name).readAt(id),
    detailed: (connector, name, id) => {
      const reader = readerOf(connector)
      const loader = batch(`${connector} ${name} detailed`, ids =>
        Promise.all(
          ids.map(each =>
            reader
              .detailed(name, each)
              .catch((error: unknown) => (error instanceof Error ? error : new Error('failed'))),
          ),
        ),
      )
      return loader.load(id).then(found => wrap(connector, found))
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
              ({ items }) => (items[0] ?? null) as FoundObject<Name> | null,
            )
      try {
        const answers = aliasesOf(connector && [connector], 'connector').map(alias =>
          settled(() => lookUp(alias)),
        )
        return andThen(allOf(answers), each => theOne(each, wayOut))
      } catch (error) {
        return Promise.reject(toError(error))
      }
    },
    related: (connector, relation, parent, terms) => {
      const value: unknown = fieldOf(parent, relation.ownField)
      const { to, foreignField } = relation
      const scope: ParentScope = {
        field: foreignField,
        value: typeof value === 'string' ? value : '',
        except: relation.exceptSelf ? parent.id : undefined,
        read: () => (typeof value === 'string' ? children(connector, to, foreignField, value) : []),
      }
      return createConnection(queryOf(to, terms, scope), terms, [readerOf(connector)], operation)
    },
    list,
    search: (connectors, args) => createSearch(args, readersOf(connectors), operation, stored),
    timeline: (connectors, args) => createTimeline(args, readersOf(connectors), stored, operation),
    connectors: () => [...readers.values()].map(({ store }) => viewConnector(store)),
    connector: alias => viewConnector(readerOf(alias, 'connector').store),
  }
}
