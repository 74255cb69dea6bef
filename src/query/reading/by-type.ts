/** Apps by Push's words for them, many at once. */
import { type Maybe, andThen } from '../../model/maybe.ts'
import type { App } from '../../model/rows.ts'
import { matchingRows } from './matching-rows.ts'
import type { Reader } from './reader.ts'

/** The apps of those types, in their order; null where there is none. They are read all together, as cheaply as can be. */
export const readByType = (types: readonly string[], reader: Reader): Maybe<(App | null)[]> =>
  andThen(
    matchingRows(
      'apps',
      { kind: 'textIn', field: 'type', values: types, caseSensitive: true },
      reader,
    ),
    ({ rows }) => {
      const found = new Map((rows as readonly App[]).map(row => [row.type, row]))
      return types.map(type => found.get(type) ?? null)
    },
  )
