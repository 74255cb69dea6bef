/** Takes in what is told of rows, with the event file. */
import type { DatabaseSync } from 'node:sqlite'
import type { Told } from '../../model/known-rows.ts'
import { inTransaction } from '../../model/sqlite-file.ts'
import { createChangesInFile, giveSpaceBack } from '../changes/changes-in-file.ts'
import { createKnownInFile } from './known-in-file.ts'
import { resultNow } from './later.ts'
import { createNoting, type Noted, type NotingTerms } from './noting.ts'
import { createToldTables } from './told-tables.ts'

export interface FileNoting {
  /**
   * Takes it in, all of it or nothing. That a table is whole comes last, or again where there is `more` to do.
   *
   * @throws SQLite's error where the file cannot be written; then nothing has changed
   */
  note(all: readonly Told[], terms: NotingTerms): Noted
}

/** What writes known rows and changes into that file; the statements are prepared once. */
export const createFileNoting = (database: DatabaseSync): FileNoting => {
  const storage = { ...createKnownInFile(database), ...createChangesInFile(database) }
  const noting = createNoting(storage, createToldTables())

  return {
    note: (all, terms) => {
      try {
        const noted = inTransaction(database, () => resultNow(noting.note(all, terms)))
        giveSpaceBack(database, noted.cut)
        return noted
      } catch (error) {
        noting.undone(all)
        throw error
      }
    },
  }
}
