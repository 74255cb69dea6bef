/** A page of rows, whose cursors are written when somebody asks for them. */
import type { Row } from '../../model/rows.ts'

/** What a page is made of. */
export interface PageParts extends Pick<
  ListPage,
  'items' | 'hasNextPage' | 'hasPreviousPage' | 'asOf' | 'complete'
> {
  readonly cursor: (item: ListItem) => string
  /** The place behind the page, where that is not its last item's. */
  readonly end?: () => string | null
}

export const createPage = (parts: PageParts): ListPage => new Page(parts)

// A class: V8 gives each object literal with a getter a hidden class of its own, which keeps all that the getter
// closes over until the next full collection.
class Page implements ListPage {
  readonly items
  readonly hasNextPage
  readonly hasPreviousPage
  readonly cursor
  readonly asOf
  readonly complete
  readonly #end

  constructor({ items, hasNextPage, hasPreviousPage, cursor, end, asOf, complete }: PageParts) {
    this.items = items
    this.hasNextPage = hasNextPage
    this.hasPreviousPage = hasPreviousPage
    this.cursor = cursor
    this.asOf = asOf
    this.complete = complete
    this.#end = end
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

export interface ListItem {
  /** The alias of the row's connector. */
  readonly connector: string
  readonly row: Row
}

/** The rows of one connector. */
export interface ConnectorRows {
  readonly connector: string
  readonly rows: readonly Row[]
}

export interface ListPage {
  readonly items: readonly ListItem[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  /** The cursor of an item of this page. */
  cursor(item: ListItem): string
  readonly startCursor: string | null
  readonly endCursor: string | null
  /** Milliseconds; null where nothing was read. */
  readonly asOf: number | null
  readonly complete: boolean
}
