/** Objects known by a key that is not their id alone: employees by e-mail address, apps by type. */
import { allOf, andThen, type Maybe, settled } from '../model/maybe.ts'
import type { CollectionName } from '../model/rows.ts'
import { readByType } from '../query/reading/by-type.ts'
import { readByEmail } from '../query/reading/by-email.ts'
import type { Reader, ConnectorReaders } from '../query/reading/reader.ts'
import type { Batches } from './batches.ts'
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
  /** The connector's app of that type, or null: events may name the service alone. */
  appOfType(connector: string, type: string): Promise<FoundObject<'apps'> | null>
}

export const createReferenceLoaders = (
  readers: ConnectorReaders,
  batches: Batches,
  row: LoadRow,
): ReferenceLoaders => ({
  referenced: (name, by, connector) => {
    const asked = [...readers.values()].filter(
      ({ alias }) => connector === undefined || alias === connector,
    )
    const lookUp = (reader: Reader): Maybe<FoundObject | null> =>
      'id' in by
        ? row(reader.alias, name, by.id)
        : batches
            .load(`${reader.alias} employees by email`, by.email, async emails =>
              readByEmail(emails, reader),
            )
            .then(found => found && { connector: reader.alias, row: found })
    const answers = allOf(asked.map(reader => settled(() => lookUp(reader))))
    const hint = 'email' in by ? '; a key with "connectorAlias" beside it names one' : ''
    return andThen(answers, each => theOne(each, { argument: 'connectorAlias', hint }))
  },
  appOfType: async (connector, type) => {
    const reader = readers.get(connector)
    if (reader === undefined) return null
    const found = await batches.load(`${connector} apps by type`, type, async types =>
      readByType(types, reader),
    )
    return found && { connector, row: found }
  },
})
