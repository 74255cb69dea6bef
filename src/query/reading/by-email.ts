/** Employees by their e-mail addresses, many at once. */
import { folded } from '../../filter/letters.ts'
import { type Maybe, andThen } from '../../model/maybe.ts'
import type { Employee } from '../../model/rows.ts'
import { matchingRows } from './matching-rows.ts'
import type { Reader } from './reader.ts'

/**
 * The employees with those addresses, in their order and in any letter case; null where there is none. They are read
 * all together, as cheaply as can be.
 */
export const readByEmail = (
  emails: readonly string[],
  reader: Reader,
): Maybe<(Employee | null)[]> =>
  andThen(
    matchingRows(
      'employees',
      { kind: 'textIn', field: 'email', values: emails, caseSensitive: false },
      reader,
    ),
    ({ rows }) => {
      const found = new Map<string, Employee>()
      for (const row of rows as readonly Employee[]) {
        const address = folded.of(row.email)
        if (!found.has(address)) found.set(address, row)
      }
      return emails.map(email => found.get(folded.of(email)) ?? null)
    },
  )
