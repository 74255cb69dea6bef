/** Known rows that are to be forgotten: their lists were never known as a whole, until they are read again. */
import type { DatabaseSync } from 'node:sqlite'
import type { ForgottenRows, IsMeant } from './forgotten-rows.ts'
import { createListsInFile } from '../known/known-in-file.ts'
import { createKnownLists } from '../known/known-lists.ts'
import { resultNow } from '../known/later.ts'
import { createRowRemover } from '../known/purging.ts'
import { rowBytesInSql } from '../known/tell-row.ts'

/** Of the next `most` known rows behind that sequence, deletes those that are meant; at the end the lists, too. */
export const createKnownForgetting = (
  database: DatabaseSync,
): ((isMeant: IsMeant, after: number, most: number) => ForgottenRows) => {
  const lists = createKnownLists(createListsInFile(database))
  const some = database.prepare(
    `SELECT sequence, list, connector, collection, ended_at, object_id, row, ${rowBytesInSql} AS bytes
      FROM known_row JOIN known_list ON known_list.id = list
      WHERE sequence > ? ORDER BY sequence LIMIT ?`,
  )
  const all = database.prepare('SELECT id, connector FROM known_list')
  const removeList = database.prepare('DELETE FROM known_list WHERE id = ?')
  const removeMoments = database.prepare('DELETE FROM known_whole WHERE list = ?')
  const removeRows = createRowRemover(database)

  const breakOff = (connector: string, collection: string): void => {
    const list = resultNow(lists.list(connector, collection))
    resultNow(lists.brokenOff(list))
    resultNow(lists.saveList({ ...list, version: list.version + 1 }))
  }

  const forgetLists = (isMeant: IsMeant): void => {
    for (const { id, connector } of all.all()) {
      if (!isMeant(String(connector))) continue
      removeList.run(Number(id))
      removeMoments.run(Number(id))
    }
  }

  return (isMeant, after, most) => {
    const rows = some.all(after, most)
    const meant = rows.filter(({ connector, object_id: id, row }) =>
      isMeant(String(connector), id, row),
    )
    removeRows(meant)
    // Of what is left of them nothing was whole at any moment.
    for (const list of new Set(meant.map(row => Number(row['list'])))) removeMoments.run(list)
    const touched = new Map(
      meant
        .filter(({ ended_at: endedAt }) => endedAt === null)
        .map(({ connector, collection }) => [
          `${String(collection)} ${String(connector)}`,
          [String(connector), String(collection)] as const,
        ]),
    )
    for (const [connector, collection] of touched.values()) breakOff(connector, collection)
    const last = rows.length < most ? undefined : Number(rows.at(-1)?.['sequence'])
    if (last === undefined) forgetLists(isMeant)
    return { gone: meant.length, last }
  }
}
