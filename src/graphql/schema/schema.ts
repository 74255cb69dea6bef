/** The schema of the graph: its types as codegen bundles them, with resolvers, scalars and the names of a prefix. */
import { readFileSync } from 'node:fs'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { addResolversToSchema } from '@graphql-tools/schema'
import type { IResolvers } from '@graphql-tools/utils'
import {
  buildASTSchema,
  isAbstractType,
  isObjectType,
  lexicographicSortSchema,
  parse,
  printSchema,
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql'
import type { Resolvers } from '../../generated/resolvers.ts'
import { collectionNames } from '../../model/collections.ts'
import { upperSnake } from '../../model/dimensions.ts'
import { ocsfVersions } from '../../ocsf/ocsf.ts'
import { createEntityResolvers } from '../federation/entities.ts'
import { createNaming, type Naming, withNaming } from '../federation/naming.ts'
import { renameResolvers, renameTypeDefs, type ResolverMap } from '../federation/rename.ts'
import { withScopes } from '../federation/scopes.ts'
import { createPrintSubgraph, loadSubgraph, withoutAuth } from '../federation/subgraph.ts'
import { withMutations } from '../federation/with-mutations.ts'
import { scalars } from './scalars.ts'
import { rowsOf } from '../compiled/row-field.ts'
import { guardPersonal, hasRedacted } from '../personal/guard.ts'
import { gateResolvers } from './gate.ts'

const bundled = new URL('../../generated/schema.graphql', import.meta.url)

export interface SchemaTerms {
  /** Callers are told apart: what composers take says who may read what. */
  readonly auth?: boolean
  /** Mutations are served. */
  readonly mutations?: boolean
}

/** The whole schema: the types written in schema/ and all that codegen has derived from them. */
export const loadTypeDefs = ({ mutations = false }: SchemaTerms = {}): DocumentNode => {
  const read = parse(readFileSync(bundled, 'utf8'), { noLocation: true })
  return mutations ? withMutations(read, 'plain') : read
}

/** In resolvers a collection goes by the model's name. */
const Collection = Object.fromEntries(collectionNames.map(name => [upperSnake(name), name]))

/** A version goes by its own name: `V1_8_0` is 1.8.0. */
const OcsfVersion = Object.fromEntries(
  ocsfVersions.map(version => [`V${version.replaceAll('.', '_')}`, version]),
)

/**
 * The schema that answers operations and gateways, with our scalars, its types called as `naming` says. Where callers
 * are told apart (`auth`), gateways are told who may read what.
 *
 * @throws {Error} when a resolver has no place in the schema.
 */
export const createExecutableSchema = (
  resolvers: Resolvers,
  naming: Naming = createNaming(),
  { auth = false, mutations = false }: SchemaTerms = {},
): GraphQLSchema => {
  const whole = loadSubgraph({ naming, auth: true, mutations })
  const typeDefs = withoutAuth(whole)
  const print = createPrintSubgraph(auth ? whole : typeDefs)
  const { Query, ...entities } = createEntityResolvers(naming, print)
  const own: ResolverMap = { ...scalars, Collection, OcsfVersion, ...resolvers }
  const renamed = renameResolvers(own, naming)
  const schema = addResolversToSchema({
    schema: buildSubgraphSchema([{ typeDefs }]),
    resolvers: { ...renamed, ...entities, Query: { ...renamed['Query'], ...Query } } as IResolvers,
  })
  keepMarks(schema, renamed)
  guardPersonal(schema)
  gateResolvers(schema)
  return withScopes(withNaming(schema, naming), whole)
}

/** Gives fields whose resolver says something of itself that very resolver, and not a copy bound to its siblings. */
const keepMarks = (schema: GraphQLSchema, resolversOf: ResolverMap): void => {
  for (const [name, members] of Object.entries(resolversOf)) {
    const type = schema.getType(name)
    if (!isObjectType(type)) continue
    for (const [field, member] of Object.entries(members) as [string, unknown][]) {
      const definition = type.getFields()[field]
      if (definition === undefined || typeof member !== 'function') continue
      if (rowsOf(member) !== undefined || hasRedacted(member))
        definition.resolve = member as FieldResolver
    }
  }
}

type FieldResolver = GraphQLFieldResolver<unknown, unknown>

/** The schema as text, its definitions and their members in the order of their names. */
export const printTypeDefs = (
  typeDefs: DocumentNode = loadTypeDefs(),
  naming: Naming = createNaming(),
): string => `${printSchema(buildNamed(typeDefs, naming))}\n`

/**
 * The object types that each interface and union stands for, as the caches of clients take them (`possibleTypes`): JSON,
 * all in the order of their names.
 */
export const printPossibleTypes = (typeDefs: DocumentNode, naming: Naming): string => {
  const schema = buildNamed(typeDefs, naming)
  const ours = Object.values(schema.getTypeMap()).filter(isAbstractType)
  const possible = ours.map(type => [
    type.name,
    schema
      .getPossibleTypes(type)
      .map(({ name }) => name)
      .toSorted(),
  ])
  return `${JSON.stringify(Object.fromEntries(possible), undefined, 2)}\n`
}

const buildNamed = (typeDefs: DocumentNode, naming: Naming): GraphQLSchema =>
  lexicographicSortSchema(buildASTSchema(renameTypeDefs(typeDefs, naming)))

export { createNaming, type Naming } from '../federation/naming.ts'
export { renameOperation } from '../federation/rename.ts'
export { loadSubgraph, printSubgraph } from '../federation/subgraph.ts'
