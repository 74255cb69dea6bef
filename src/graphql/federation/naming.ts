/**
 * How the types and root fields are called where a prefix keeps them apart from those of other subgraphs. Everywhere
 * else in the code they go by their own names.
 */
import type { GraphQLSchema } from 'graphql'

export interface Naming {
  readonly prefix: string
  /** What the type of that name is called in the schema. */
  type(name: string): string
  /** What the field of that type is called in the schema. */
  field(type: string, name: string): string
  /** The own name of a root field of the schema. */
  rootField(called: string): string
}

/** `PageInfo` and `Employee` are what a supergraph has in common; the others are the language's. */
const keptTypes: ReadonlySet<string> = new Set([
  'Query',
  'Mutation',
  'Subscription',
  'PageInfo',
  'Employee',
  'CacheControlScope',
  'Boolean',
  'Float',
  'ID',
  'Int',
  'String',
  'DateTime',
  'Duration',
  'JSON',
  'Long',
])

const roots: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription'])

/** What another subgraph is likelier to own than we are. */
const profileFields: ReadonlySet<string> = new Set([
  'firstName',
  'lastName',
  'department',
  'location',
])

/** The naming with that prefix; without one, everything keeps its name. */
export const createNaming = (prefix = ''): Naming => {
  // `Push` begins a field as `push`, `ACME` as `acme`.
  const small = /^[A-Z0-9]+$/.test(prefix)
    ? prefix.toLowerCase()
    : prefix.charAt(0).toLowerCase() + prefix.slice(1)
  const prefixed = (name: string): string => small + name.charAt(0).toUpperCase() + name.slice(1)
  if (prefix === '')
    return { prefix, type: name => name, field: (_type, name) => name, rootField: name => name }
  return {
    prefix,
    type: name => (isOurs(name) ? prefix + name : name),
    field: (type, name) => {
      if (name.startsWith('_')) return name
      return roots.has(type) || (type === 'Employee' && profileFields.has(name))
        ? prefixed(name)
        : name
    },
    rootField: called =>
      called.startsWith(small)
        ? called.charAt(small.length).toLowerCase() + called.slice(small.length + 1)
        : called,
  }
}

/** Names with an underscore in front or two within are GraphQL's and federation's. */
const isOurs = (name: string): boolean =>
  !keptTypes.has(name) && !name.startsWith('_') && !name.includes('__')

const key = 'pushgraphNaming'

/** The schema, which from now on knows how its types are called. */
export const withNaming = (schema: GraphQLSchema, naming: Naming): GraphQLSchema => {
  schema.extensions = { ...schema.extensions, [key]: naming }
  return schema
}

/** How the types of that schema are called. */
export const namingOf = (schema: GraphQLSchema): Naming =>
  (schema.extensions[key] as Naming | undefined) ?? createNaming()
