/** Objects known by a key that another graph has: by id, and employees by e-mail address; each kind is one batch. */
import DataLoader from 'dataloader'
import { allOf, andThen, type Maybe, settled } from '../model/maybe.ts'
import type { CollectionName, Rows } from '../model/rows.ts'
import { readByEmail } from '../query/reading/by-email.ts'
import type { Reader } from '../query/reading/reader.ts'
import { type FoundObject, type LoadRow, theOne } from './found.ts'

export interface ReferenceLoaders {
  /**
   * The object with that key, in that connector or else in any; null where there is none, also where there is no such
   * connector. E-mail addresses are compared without regard to letter case.
   * @throws BadInputError where several connectors know the key.
   */
  referenced(
    name: CollectionName,
    by: { readonly id: string } | { readonly email: string },
    connector: string | undefined,
  ): Maybe<FoundObject | null>
}

export const createReferenceLoaders = (
  readers: ReadonlyMap<string, Reader>,
  row: LoadRow,
): ReferenceLoaders => {
  const employees = new Map<string, DataLoader<string, Rows['employees'] | null>>()

  const employeesOf = (reader: Reader): DataLoader<string, Rows['employees'] | null> => {
    const known = employees.get(reader.alias)
    if (known !== undefined) return known
    const loader = new DataLoader(async (emails: readonly string[]) => readByEmail(emails, reader))
    employees.set(reader.alias, loader)
    return loader
  }

  return {
    referenced: (name, by, connector) => {
      const asked = [...readers.values()].filter(
        ({ alias }) => connector === undefined || alias === connector,
      )
      const lookUp = (reader: Reader): Maybe<FoundObject | null> =>
        'id' in by
          ? row(reader.alias, name, by.id)
          : employeesOf(reader)
              .load(by.email)
              .then(found => found && { connector: reader.alias, row: found })
      const answers = allOf(asked.map(reader => settled(() => lookUp(reader))))
      const hint = 'email' in by ? '; a key with "connectorAlias" beside it names one' : ''
      return andThen(answers, each => theOne(each, { argument: 'connectorAlias', hint }))
    },
  }
}
