/** A list with everything that may be asked of it, each part worked out when it is asked for and then once. */
import { BadInputError, GatewayError } from '../../errors.ts'
import { allOf, type Maybe, andThen, type Settled, settled } from '../../model/maybe.ts'
import { relations } from '../../model/relations.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Group } from '../../filter/groups.ts'
import type { GroupArguments } from '../../filter/read-grouping.ts'
import { collect, type CollectedRows, rowCountOf } from './collect.ts'
import { isAnyGap } from './gaps-around.ts'
import { groupCountOf, groupsOf, type RowsToGroup } from './groups.ts'
import { readListPage } from './list.ts'
import { emptyPage, listCursors, type PageArguments, type PageRange, readRange } from './range.ts'
import type { ListPage } from './page.ts'
import type { ListQuery } from './list-query.ts'
import { filterOf } from './read-arguments.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'

/**
 * A failure of the list is told once, however many of its fields want what cannot be read: by the page where that is
 * asked for, since without it there is no list, else by the first of them; the others are null, and `complete` false.
 */
export interface ListConnection {
  page(): Maybe<ListPage>
  /** Milliseconds, as in the page; null where nothing had to be read. */
  asOf(): Maybe<number | null>
  /** Whether no row is missing, in the page and in what is counted beside it. */
  complete(): Maybe<boolean>
  /** How many rows the list has. @throws BudgetError when that cannot be known within the operation's budget. */
  totalCount(): Maybe<number | null>
  /** How many rows share the same values. @throws BadInputError, BudgetError like `totalCount`. */
  groups(args: GroupArguments): Maybe<readonly Group[] | null>
  /** How many groups there are. @throws like `groups` */
  groupCount(args: Pick<GroupArguments, 'by'>): Maybe<number | null>
}

/** @throws BadInputError at once, before anything is read, when the arguments cannot be used. */
export const createConnection = (
  query: ListQuery,
  args: PageArguments,
  readers: readonly Reader[],
  operation: Operation,
): ListConnection => new Connection(query, args, readers, operation)

// A class rather than closures: one is made for each list, and most of what it can do is never asked of it.
class Connection implements ListConnection {
  readonly #query: ListQuery
  readonly #readers: readonly Reader[]
  readonly #operation: Operation
  readonly #range: PageRange
  #read: Maybe<ListPage> | undefined
  #counted: Maybe<CollectedRows> | undefined
  /** What was grouped, and the collections by whose values. */
  #grouped: Maybe<unknown>[] | undefined
  #through: Set<CollectionName> | undefined
  /** Whether the page is asked for by a field that cannot be null. */
  #needsPage = false
  #told: unknown

  constructor(
    query: ListQuery,
    args: PageArguments,
    readers: readonly Reader[],
    operation: Operation,
  ) {
    this.#query = query
    this.#readers = readers
    this.#operation = operation
    this.#range = readRange(args, listCursors(query, readers))
  }

  page(): Maybe<ListPage> {
    this.#needsPage = true
    return this.#page()
  }

  asOf(): Maybe<number | null> {
    return this.#orNull(() => andThen(this.#page(), ({ asOf }) => asOf))
  }

  complete(): Maybe<boolean> {
    const { collection } = this.#query
    const mayMiss =
      this.#range.size === 0 ||
      this.#readers.length > 1 ||
      this.#readers.some(({ store }) => store.table(collection).gaps.length > 0) ||
      // By what a list leads to, it may be grouped.
      [...relations[collection].toOne, ...relations[collection].toMany].some(({ to }) =>
        this.#readers.some(({ facts }) => !facts.isWhole(to)),
      )
    const isWhole = ({ complete }: ListPage): Maybe<boolean> => complete && this.#isWholeCounted()
    return isFalseWhere(() =>
      // A count may be asked for behind this in the same selection.
      mayMiss
        ? Promise.all([this.#page(), this.#operation.work.idle()]).then(([page]) =>
            this.#detailed().then(() => isWhole(page)),
          )
        : andThen(this.#page(), isWhole),
    )
  }

  totalCount(): Maybe<number | null> {
    return this.#orNull(() => andThen(this.#all(), rowCountOf))
  }

  groups(args: GroupArguments): Maybe<readonly Group[] | null> {
    return this.#orNull(() => groupsOf(this.#toGroup(), args))
  }

  groupCount(args: Pick<GroupArguments, 'by'>): Maybe<number | null> {
    return this.#orNull(() => groupCountOf(this.#toGroup(), args))
  }

  #toGroup(): RowsToGroup {
    const { collection } = this.#query
    return {
      collection,
      readers: this.#readers,
      collect: () => andThen(this.#all(), ({ parts }) => parts),
      readFilter: where => filterOf(collection, where, this.#operation, 'where'),
      rests: (on, found) => {
        this.#grouped ??= []
        this.#grouped.push(found)
        this.#through ??= new Set()
        for (const name of on) this.#through.add(name)
      },
      work: this.#operation.work,
    }
  }

  /** Waits for what is asked of single groups once they are there. */
  async #detailed(): Promise<void> {
    for (let known = 0; known !== (this.#grouped?.length ?? 0);) {
      const grouped = this.#grouped ?? []
      known = grouped.length
      await Promise.all(grouped.map(async groups => settled(() => groups)))
      await this.#operation.work.idle()
    }
  }

  #page(): Maybe<ListPage> {
    return (this.#read ??=
      this.#range.size === 0
        ? emptyPage(this.#range)
        : readListPage(this.#query, this.#range, this.#readers, this.#operation))
  }

  #all(): Maybe<CollectedRows> {
    return (this.#counted ??= collect(this.#query, this.#readers, this.#operation))
  }

  #isWholeCounted(): Maybe<boolean> {
    if (this.#counted === undefined) return true
    const counted = this.#counted
    const isWhole = andThen(
      settled(() => counted),
      whole => 'value' in whole && whole.value.complete,
    )
    return this.#grouped === undefined ? isWhole : this.#isWholeGrouped(this.#grouped, isWhole)
  }

  /** Whether nothing is missing around the rows that were grouped, and they are whole themselves. */
  #isWholeGrouped(grouped: readonly Maybe<unknown>[], isWhole: Maybe<boolean>): Maybe<boolean> {
    const all = allOf<Settled<unknown>>(grouped.map(groups => settled(() => groups)))
    return andThen(all, each =>
      each.every(groups => 'value' in groups) &&
      !this.#readers.some(({ alias }) => isAnyGap(this.#operation, alias, this.#through ?? []))
        ? isWhole
        : false,
    )
  }

  /** What is asked for, or null where its failure is told elsewhere. */
  #orNull<T>(ask: () => Maybe<T>): Maybe<T | null> {
    try {
      const value = ask()
      return value instanceof Promise ? value.catch(failure => this.#tell(failure)) : value
    } catch (failure) {
      return this.#tell(failure)
    }
  }

  /** @throws the failure, unless it is told elsewhere */
  async #tell(failure: unknown): Promise<null> {
    // Whether the rows are asked for as well.
    await this.#operation.work.idle()
    if (this.#needsPage) {
      const page = await settled(() => this.#page())
      if ('failure' in page && isSameFailure(page.failure, failure)) return null
    }
    if (isSameFailure(this.#told, failure)) return null
    this.#told = failure
    throw failure
  }
}

/** Whether two readings of one list failed alike. What a caller did wrong is told wherever it stands. */
const isSameFailure = (one: unknown, other: unknown): boolean =>
  one instanceof GatewayError &&
  other instanceof GatewayError &&
  one.code === other.code &&
  !(other instanceof BadInputError)

/** False where a failure that we foresaw keeps the rows away. */
const isFalseWhere = (ask: () => Maybe<boolean>): Maybe<boolean> => {
  const failed = (failure: unknown): boolean => {
    if (failure instanceof GatewayError && !(failure instanceof BadInputError)) return false
    throw failure
  }
  try {
    const value = ask()
    return value instanceof Promise ? value.catch(failed) : value
  } catch (failure) {
    return failed(failure)
  }
}
