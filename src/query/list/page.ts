/** A page of any list, whose cursors are written when somebody asks for them. */
import type { Row } from '../../model/rows.ts'
import type { Operation } from '../operation/operation.ts'

export interface ListItem {
  /** The alias of the row's connector. */
  readonly connector: string
  readonly row: Row
}

/** What a page is made of. */
export interface PageParts<Item> {
  readonly items: readonly Item[]
  /** Told of the items once they are taken; without it there are none. */
  readonly operation?: Operation
  /** Where the list stands in the answer, where a plan was asked for; or where each item is told of in the plan. */
  readonly path?: string | undefined | ((item: Item) => string | undefined)
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  /** The cursor of an item of this page. */
  readonly cursor: (item: Item) => string
  /** The cursor that the page ends at, where that is not its last item's. */
  readonly end?: () => string | null
  /** Start of the oldest read, in milliseconds; null where nothing was read from Push. */
  readonly asOf: number | null
  /** Whether nothing is missing. */
  readonly complete: boolean
}

// A class: V8 gives each object literal with a getter a hidden class of its own, which keeps all that the getter
// closes over until the next full collection.
export class ListPage<Item = ListItem> {
  readonly items
  readonly hasNextPage
  readonly hasPreviousPage
  readonly cursor
  readonly asOf
  readonly complete
  readonly #end
  readonly #path
  #untold: Operation | undefined

  constructor(parts: PageParts<Item>) {
    this.items = parts.items
    this.hasNextPage = parts.hasNextPage
    this.hasPreviousPage = parts.hasPreviousPage
    this.cursor = parts.cursor
    this.asOf = parts.asOf
    this.complete = parts.complete
    this.#end = parts.end
    this.#path = parts.path
    this.#untold = parts.operation
  }

  /** The items, for the answer: the operation counts them among the rows returned, once. */
  take(): readonly Item[] {
    const [operation, path] = [this.#untold, this.#path]
    this.#untold = undefined
    if (typeof path !== 'function') operation?.returned(this.items.length, path)
    else for (const item of this.items) operation?.returned(1, path(item))
    return this.items
  }

  get startCursor(): string | null {
    const [first] = this.items
    return first === undefined ? null : this.cursor(first)
  }

  get endCursor(): string | null {
    if (this.#end !== undefined) return this.#end()
    const last = this.items.at(-1)
    return last === undefined ? null : this.cursor(last)
  }
}
