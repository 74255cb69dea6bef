/** Objects known by a key that another graph has: by id, and employees by e-mail address; each kind is one batch. */
import DataLoader from 'dataloader'
import { BadInputError } from '../errors.ts'
import { all, andThen, type Maybe } from '../model/maybe.ts'
import type { CollectionName, Rows } from '../model/rows.ts'
import { readByEmail } from '../query/by-email.ts'
import type { Reader } from '../query/read.ts'
import type { Found, Loaders } from './loaders.ts'

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
  ): Maybe<Found | null>
}

type Answer = Found | null | { readonly failure: unknown }

export const createReferenceLoaders = (
  readers: ReadonlyMap<string, Reader>,
  row: Loaders['row'],
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
      const lookUp = (reader: Reader): Maybe<Found | null> =>
        'id' in by
          ? row(reader.alias, name, by.id)
          : employeesOf(reader)
              .load(by.email)
              .then(found => found && { connector: reader.alias, row: found })
      const answers = all(asked.map(reader => attempt(() => lookUp(reader))))
      return andThen(answers, settled => theOne(settled, by))
    },
  }
}

const theOne = (answers: readonly Answer[], by: object): Found | null => {
  const found = answers.filter((answer): answer is Found => answer !== null && 'row' in answer)
  const [first, second] = found
  if (first !== undefined && second !== undefined) {
    const aliases = found.map(({ connector }) => connector).join(', ')
    const hint = 'email' in by ? '; a key with "connectorAlias" beside it names one' : ''
    throw new BadInputError(`More than one connector has it (${aliases})${hint}`, 'connectorAlias')
  }
  if (first !== undefined) return first
  for (const answer of answers)
    // A connector that failed may have had it: null would be a claim.
    if (answer !== null && 'failure' in answer) throw answer.failure
  return null
}

const attempt = (run: () => Maybe<Found | null>): Maybe<Answer> => {
  try {
    const value = run()
    return value instanceof Promise ? value.catch((failure: unknown) => ({ failure })) : value
  } catch (failure) {
    return { failure }
  }
}
