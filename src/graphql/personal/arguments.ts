/** Arguments that carry personal data where no tag can say so: what a search looks for, and what gateways know objects by. */
import {
  getNamedType,
  type GraphQLField,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
} from 'graphql'
import { searchesPersons } from '../../loaders/loaders.ts'
import { holdsAddress } from '../../model/personal.ts'
import { isGiven } from '../../model/values.ts'
import { searchArguments, valueTimelineArguments } from '../analysis/arguments.ts'
import { isPersonal } from './tags.ts'

/** The argument of a field that carries personal data; undefined where none does. */
export type FindPersonal = (
  field: GraphQLField<unknown, unknown>,
  given: Readonly<Record<string, unknown>>,
) => string | undefined

/** Finds them in the root fields of that schema. */
export const personalArgumentsOf = (schema: GraphQLSchema): FindPersonal => {
  const isSearch = ({ type, args }: GraphQLField<unknown, unknown>): boolean =>
    args.some(({ name }) => name === 'kinds') &&
    getNamedType(type).name.endsWith('SearchConnection')
  const isTimeline = ({ type, args }: GraphQLField<unknown, unknown>): boolean =>
    args.some(({ name }) => name === 'value') &&
    getNamedType(type).name.endsWith('TimelineConnection')

  return (field, given) => {
    if (isSearch(field)) return searchesPersons(searchArguments(given)) ? 'value' : undefined
    if (isTimeline(field)) {
      const { value } = valueTimelineArguments(given)
      return searchesPersons({ value }) ? 'value' : undefined
    }
    const { representations } = given
    return Array.isArray(representations) ? inRepresentations(schema, representations) : undefined
  }
}

/** Whatever a gateway sends beside the type's name is a key, or would be taken for one. */
const inRepresentations = (
  schema: GraphQLSchema,
  representations: readonly unknown[],
): string | undefined => {
  for (const representation of representations) {
    if (typeof representation !== 'object' || representation === null) continue
    const { __typename, ...members } = representation as Readonly<Record<string, unknown>>
    const type = schema.getType(String(__typename))
    const fields = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {}
    for (const [name, value] of Object.entries(members)) {
      if (!isGiven(value)) continue
      const field = fields[name]
      const isCarried = typeof value === 'string' && holdsAddress(value)
      if (isCarried || (field !== undefined && isPersonal(field))) return `representations.${name}`
    }
  }
  return undefined
}
