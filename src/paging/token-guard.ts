/**
 * Following the tokens of a list from page to page. Nobody outside knows how Push's tokens behave: one that leads back
 * must end in an error and not in an endless reading.
 */
import { UpstreamInvalidError } from '../errors.ts'
import type { CollectionName } from '../model/rows.ts'
import type { Page } from '../upstream/contract/contract.ts'

export type { Page } from '../upstream/contract/contract.ts'

export interface TokenGuard<Name extends CollectionName> {
  /** Rows met so far, each counted once. */
  readonly rowsSeen: number
  hasMet(id: string): boolean
  /** Whether it was met since the reading last went back. */
  isRepeated(id: string): boolean
  /**
   * The page at that token, the first one without.
   * @throws UpstreamInvalidError when its own token was used before
   */
  read(
    token: string | undefined,
    ask: (token: string | undefined) => Promise<Page<Name>>,
  ): Promise<Page<Name>>
  /**
   * Counts the rows of a page.
   * @throws UpstreamInvalidError when too many pages in a row have brought no new row
   */
  note(page: Page<Name>): void
  /** The reading goes on from an earlier page: what comes again from there is no fault. */
  goBack(): void
}

/** A damaged answer may hold a wrong token; the same one again and again is no accident. */
const ATTEMPTS = 3
/** An API that goes on handing out tokens without any new row never ends. */
const MAX_BARREN_PAGES = 25

/**
 * Nothing of `collection` has been read yet. Without `remembersRows`, which holds the ids of all rows in memory, none
 * counts as met, and a page brings nothing new where it is empty.
 */
export const createTokenGuard = <Name extends CollectionName>(
  collection: Name,
  remembersRows = true,
): TokenGuard<Name> => {
  /** Rows by how often the reading had gone back when they were last met. */
  const met = new Map<string, number>()
  const used = new Set<string>()
  let pages = 0
  let barren = 0
  let barrenAllowed = MAX_BARREN_PAGES
  let goesBack = 0

  const circular = (): UpstreamInvalidError =>
    new UpstreamInvalidError(`The paging of ${collection} goes in circles`, 'paging.nextToken')

  return {
    get rowsSeen() {
      return met.size
    },
    hasMet: id => met.has(id),
    isRepeated: id => met.get(id) === goesBack,
    read: async (token, ask) => {
      if (token !== undefined) used.add(token)
      for (let attempt = 1; ; attempt += 1) {
        const page = await ask(token)
        if (page.nextToken === undefined || !used.has(page.nextToken)) return page
        if (attempt === ATTEMPTS) throw circular()
      }
    },
    note: page => {
      const before = met.size
      if (remembersRows) for (const { id } of page.rows) met.set(id, goesBack)
      pages += 1
      const isBarren = remembersRows ? met.size === before : page.sent === 0
      barren = isBarren ? barren + 1 : 0
      if (barren > barrenAllowed) throw circular()
    },
    goBack: () => {
      goesBack += 1
      used.clear()
      barrenAllowed = MAX_BARREN_PAGES + pages
    },
  }
}
