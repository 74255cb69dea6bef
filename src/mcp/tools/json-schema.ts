/** JSON Schema, as far as tools describe with it what they take and give. */
import type { GraphQLScalarType } from 'graphql'

/** An alias, not an interface: it is to pass for any object of JSON. */
export type JsonSchema = {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean
  readonly items?: JsonSchema
  readonly enum?: readonly (string | null)[]
  readonly anyOf?: readonly JsonSchema[]
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, JsonSchema>>
}

/** What a tool takes or gives as a whole. */
export type ObjectSchema = JsonSchema & { readonly type: 'object' }

/** What models need to know of scalars that are texts. */
export const WRITTEN_AS: Readonly<Record<string, string>> = {
  DateTime: 'ISO 8601, such as 2024-05-01T12:00:00Z or 2024-05-01.',
  Duration: 'ISO 8601, such as P7D or PT1H.',
}

const JSON_TYPES: Readonly<Record<string, string>> = {
  Boolean: 'boolean',
  Float: 'number',
  Int: 'integer',
  ID: 'string',
  String: 'string',
  DateTime: 'string',
  Duration: 'string',
}

/** Undefined where it may be any value. */
export const jsonTypeOf = ({ name }: GraphQLScalarType): string | undefined => JSON_TYPES[name]
