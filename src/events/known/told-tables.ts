/**
 * What this thread remembers of the tables that tell of rows: whether it has heard all, and of which ids, until it is found
 * what of the known rows a table did not tell of.
 */
import type { KnownList } from './known-storage.ts'

export interface ToldTable {
  /** The list that it told of. */
  readonly list: number
  /** How many rows it told of. */
  told: number
  /** The ids of rows that it says are there; undefined once those are compared with what is known. */
  ids: Set<string> | undefined
  /** Up to which id they are compared, and whether rows were met on the way that may not have gone. */
  compared: { upTo: string; hasOpen: boolean }
  /** The version of the list that all of it is known of. */
  version: number
  /** When it was last said to be whole (UNIX seconds). */
  wholeAt: number
  /**
   * Rows that were told of since then are to be asked for with the next list that is read after `at`: a probe does not see
   * what has gone, and a list not what came after it began.
   */
  open: { readonly since: number; readonly at: number } | undefined
}

export interface ToldTables {
  /** The table of that name, from whose first word on that list it is known. */
  of(name: string, list: KnownList): ToldTable
  /** It begins anew, or is no more. */
  forget(name: string): void
}

export const createToldTables = (): ToldTables => {
  const tables = new Map<string, ToldTable>()
  return {
    of: (name, { id: list, version }) => {
      const found = tables.get(name)
      if (found?.list === list) return found
      const made: ToldTable = {
        ...{ list, told: 0, ids: new Set(), version, wholeAt: -Infinity, open: undefined },
        compared: { upTo: '', hasOpen: false },
      }
      tables.set(name, made)
      return made
    },
    forget: name => tables.delete(name),
  }
}
