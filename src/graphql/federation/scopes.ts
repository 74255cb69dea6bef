/**
 * Which scope a caller needs for what. It is written once, as `@requiresScopes` of the object types, and holds for all
 * that leads to such objects, compares them or groups by what they hold.
 */
import {
  type DocumentNode,
  type GraphQLAbstractType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  Kind,
  type ObjectTypeDefinitionNode,
  valueFromASTUntyped,
} from 'graphql'
import { collectionNames, collections } from '../../model/collections.ts'
import { dimensions } from '../../model/dimensions.ts'
import { CALLER_SCOPES, type CallerScope } from '../../model/rights.ts'
import { storedLists, storedNames } from '../../model/stored.ts'
import { namingOf } from './naming.ts'

/** What the types of a schema need. */
export interface Scopes {
  /** What objects of the type need, and inputs that compare such; undefined where any caller may have them. */
  of(type: GraphQLNamedType): CallerScope | undefined
  /** What it needs to group by that value of an enumeration. */
  ofValue(type: GraphQLNamedType, value: string): CallerScope | undefined
}

const key = 'pushgraphScopes'

/** The schema, which from now on knows what its types need, as those of `typeDefs` say. */
export const withScopes = (schema: GraphQLSchema, typeDefs: DocumentNode): GraphQLSchema => {
  schema.extensions = { ...schema.extensions, [key]: readScopes(schema, typeDefs) }
  return schema
}

/** What the types of that schema need. */
export const scopesOf = (schema: GraphQLSchema): Scopes => schema.extensions[key] as Scopes

const readScopes = (schema: GraphQLSchema, typeDefs: DocumentNode): Scopes => {
  const needed = writtenIn(typeDefs)
  const naming = namingOf(schema)
  const types = Object.values(schema.getTypeMap())
  for (const type of types.filter(isAbstractType)) note(needed, type, ofAll(schema, type, needed))

  // Neither inputs nor enumerations of dimensions have names without the prefix.
  const ownName = ({ name }: GraphQLNamedType): string => name.slice(naming.prefix.length)
  for (const type of types.filter(isInputObjectType))
    note(needed, type, needed.get(naming.type(ownName(type).replace(/(List|Count)?Filter$/, ''))))

  const values = new Map<string, CallerScope>()
  for (const type of types.filter(isEnumType))
    for (const [value, linked] of linkedTypes(ownName(type))) {
      const scope = needed.get(naming.type(linked))
      if (scope !== undefined) values.set(`${type.name} ${value}`, scope)
    }
  return {
    of: ({ name }) => needed.get(name),
    ofValue: ({ name }, value) => values.get(`${name} ${value}`),
  }
}

const note = (
  needed: Map<string, CallerScope>,
  { name }: GraphQLNamedType,
  scope: CallerScope | undefined,
): void => {
  if (scope !== undefined) needed.set(name, scope)
}

/** What the object types say of themselves. */
const writtenIn = ({ definitions }: DocumentNode): Map<string, CallerScope> => {
  const written = new Map<string, CallerScope>()
  for (const definition of definitions)
    if (definition.kind === Kind.OBJECT_TYPE_DEFINITION) {
      const scope = scopeOf(definition)
      if (scope !== undefined) written.set(definition.name.value, scope)
    }
  return written
}

/** @throws Error where it says anything but one scope that is known: the graph would promise what is not kept */
const scopeOf = ({ name, directives }: ObjectTypeDefinitionNode): CallerScope | undefined => {
  const directive = directives?.find(of => of.name.value === 'requiresScopes')
  if (directive === undefined) return undefined
  const [given] = directive.arguments ?? []
  const scopes = given === undefined ? undefined : valueFromASTUntyped(given.value)
  const scope = CALLER_SCOPES.find(of => JSON.stringify(scopes) === JSON.stringify([[of]]))
  if (scope === undefined) throw new Error(`${name.value} does not need one scope that is known`)
  return scope
}

/** What objects of any of its types need; where they differ, those of Push are among them. */
const ofAll = (
  schema: GraphQLSchema,
  type: GraphQLAbstractType,
  needed: ReadonlyMap<string, CallerScope>,
): CallerScope | undefined => {
  const scopes = new Set(schema.getPossibleTypes(type).map(({ name }) => needed.get(name)))
  return scopes.size > 1 ? 'read' : [...scopes][0]
}

/** The types that the values of an enumeration of dimensions look at through a link, by the value. */
function* linkedTypes(name: string): Generator<readonly [value: string, type: string]> {
  const list =
    collectionNames.find(of => `${collections[of].type}Dimension` === name) ??
    storedNames.find(of => `${storedLists[of].type}Dimension` === name)
  if (list === undefined) return
  for (const [value, dimension] of dimensions[list])
    if (dimension.kind === 'field' && dimension.through !== undefined)
      yield [value, collections[dimension.through.to].type]
}
