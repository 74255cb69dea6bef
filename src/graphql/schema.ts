import { readFileSync } from 'node:fs'
import { makeExecutableSchema } from '@graphql-tools/schema'
import {
  buildASTSchema,
  lexicographicSortSchema,
  parse,
  printSchema,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql'
import type { Resolvers } from '../generated/resolvers.ts'
import { collectionNames } from '../model/collections.ts'
import { upperSnake } from '../model/dimensions.ts'
import { ocsfVersions } from '../ocsf/ocsf.ts'
import { scalars } from './scalars.ts'

const bundled = new URL('../generated/schema.graphql', import.meta.url)

/** The whole schema: the types written in schema/ and all that codegen has derived from them. */
export const loadTypeDefs = (): DocumentNode =>
  parse(readFileSync(bundled, 'utf8'), { noLocation: true })

/** In resolvers a collection goes by the model's name. */
const Collection = Object.fromEntries(collectionNames.map(name => [upperSnake(name), name]))

/** A version goes by its own name: `V1_8_0` is 1.8.0. */
const OcsfVersion = Object.fromEntries(
  ocsfVersions.map(version => [`V${version.replaceAll('.', '_')}`, version]),
)

/**
 * The schema that answers operations, with our scalars.
 *
 * @throws {Error} when a resolver has no place in the schema.
 */
export const createExecutableSchema = (resolvers: Resolvers): GraphQLSchema =>
  makeExecutableSchema({
    typeDefs: loadTypeDefs(),
    resolvers: [{ ...scalars, Collection, OcsfVersion }, resolvers],
  })

/** The schema as text, its definitions and their members in the order of their names. */
export const printTypeDefs = (typeDefs: DocumentNode = loadTypeDefs()): string =>
  `${printSchema(lexicographicSortSchema(buildASTSchema(typeDefs)))}\n`
