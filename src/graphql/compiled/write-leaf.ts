/** Scalars and enumerations as JSON text. */
import { GraphQLBoolean, GraphQLID, GraphQLInt, type GraphQLLeafType, GraphQLString } from 'graphql'
import { writtenJson } from '../schema/written-json.ts'
import { Bailout } from './run.ts'

/** The text of a value that is not null. */
export type WriteLeaf = (value: unknown) => string

/** Writes values of that scalar or enumeration as graphql-js would serialize them. */
export const leafWriter = (type: GraphQLLeafType): WriteLeaf => {
  const serialized: WriteLeaf = value => toText(type.serialize(value))
  switch (type) {
    case GraphQLString:
    case GraphQLID:
      return value => (typeof value === 'string' ? quote(value) : serialized(value))
    case GraphQLBoolean:
      return value => (typeof value === 'boolean' ? String(value) : serialized(value))
    case GraphQLInt:
      return value =>
        typeof value === 'number' && (value | 0) === value ? `${value}` : serialized(value)
    default:
      return type.serialize === writtenJson ? toText : serialized
  }
}

const toText = (value: unknown): string => {
  if (typeof value === 'string') return quote(value)
  // What cannot be written is graphql-js's to refuse.
  const text = value === undefined || value === null ? undefined : JSON.stringify(value)
  if (text === undefined) throw new Bailout()
  return text
}

/** Anything that JSON escapes, and half a character, which is escaped too. */
// eslint-disable-next-line no-control-regex -- those are what is looked for
const special = /[\u0000-\u001f"\\\ud800-\udfff]/

/** Most texts stand as they are; looking is quicker than having them escaped. */
const quote = (text: string): string => (special.test(text) ? JSON.stringify(text) : `"${text}"`)
