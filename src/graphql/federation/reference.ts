/** What a gateway names an object by, read from the representation that it sends. */
import { BadInputError } from '../../errors.ts'
import { collectionNames, collections } from '../../model/collections.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Naming } from './naming.ts'
import { isGiven } from '../../model/values.ts'

/** One object, by its id or, of employees, by its e-mail address; in that connector, or else in any. */
export interface Reference {
  readonly collection: CollectionName
  readonly by: { readonly id: string } | { readonly email: string }
  readonly connector: string | undefined
}

export type ReadReference = (representation: unknown, index: number) => Reference

/**
 * Reads representations of the entities that are called so.
 * What it returns throws a BadInputError that names the part of the representation which cannot be used.
 */
export const createReadReference = (naming: Naming): ReadReference => {
  const collectionOf: ReadonlyMap<string, CollectionName> = new Map(
    collectionNames.map(name => [naming.type(collections[name].type), name]),
  )
  return (representation, index) => {
    const path = `representations.${index}`
    if (typeof representation !== 'object' || representation === null)
      throw new BadInputError('A representation must be an object', path)
    const { __typename, id, email, connectorAlias } = representation as Readonly<
      Record<string, unknown>
    >
    const collection = typeof __typename === 'string' ? collectionOf.get(__typename) : undefined
    if (collection === undefined)
      throw new BadInputError(
        'A representation must name the type of an entity in "__typename"',
        `${path}.__typename`,
      )
    if (isGiven(connectorAlias) && typeof connectorAlias !== 'string')
      throw new BadInputError('"connectorAlias" must be a text', `${path}.connectorAlias`)
    const connector = isGiven(connectorAlias) ? connectorAlias : undefined
    if (isGiven(id)) return { collection, by: { id: readId(id, path) }, connector }
    if (collection !== 'employees')
      throw new BadInputError('A representation must have the key "id"', `${path}.id`)
    if (typeof email !== 'string' || email === '')
      throw new BadInputError(
        'A representation of an employee must have one of the keys "id" and "email"',
        `${path}.${isGiven(email) ? 'email' : 'id'}`,
      )
    return { collection, by: { email }, connector }
  }
}

const readId = (id: unknown, path: string): string => {
  if (typeof id === 'string' && id !== '') return id
  if (typeof id === 'number' && Number.isSafeInteger(id)) return String(id)
  throw new BadInputError('"id" must be a text that is not empty', `${path}.id`)
}
