/** The real schema with made-up answers, for tests of what surrounds it. */
import { readFileSync } from 'node:fs'
import { makeExecutableSchema } from '@graphql-tools/schema'
import {
  getNullableType,
  isEnumType,
  isListType,
  isObjectType,
  isScalarType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql'

const scalars: Readonly<Record<string, unknown>> = { Boolean: true, Int: 1, Float: 0.5 }

/** Every list has two elements, every text says `text`. */
export const createMockedGraph = (): GraphQLSchema => {
  const sdl = new URL('../../src/generated/schema.graphql', import.meta.url)
  const schema = makeExecutableSchema({ typeDefs: readFileSync(sdl, 'utf8') })
  for (const type of Object.values(schema.getTypeMap()))
    if (isObjectType(type))
      for (const field of Object.values(type.getFields())) field.resolve ??= () => made(field.type)
  return schema
}

const made = (type: GraphQLOutputType): unknown => {
  const inner = getNullableType(type)
  if (isListType(inner)) return [made(inner.ofType), made(inner.ofType)]
  if (isEnumType(inner)) return inner.getValues()[0]?.value
  if (isScalarType(inner)) return scalars[inner.name] ?? 'text'
  return {}
}
