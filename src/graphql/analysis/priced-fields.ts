/** What the fields of the schema give, as their price wants to know it. */
import {
  type FieldNode,
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
} from 'graphql'
import { collectionNames, collections } from '../../model/collections.ts'
import type { CollectionName } from '../../model/rows.ts'
import { storedLists, storedNames } from '../../model/stored.ts'
import { namingOf } from '../federation/naming.ts'
import type { ListField } from './list-price.ts'
import {
  leaves,
  listLengths,
  namedLeaves,
  OTHER_LENGTH,
  otherLeaf,
  sdl,
  SELDOM,
  type Weight,
} from './weights.ts'

type Field = GraphQLField<unknown, unknown>

/** What any object, and the query, has beside its own fields. */
export const metaFields: Readonly<Record<string, Field>> = {
  __schema: SchemaMetaFieldDef,
  __type: TypeMetaFieldDef,
}

/** What the field costs where it is a leaf that always costs the same. */
export const leafOf = (
  parent: GraphQLNamedType,
  { name: { value: name } }: FieldNode,
): Weight | undefined => {
  if (name === '__typename') return otherLeaf
  const fields = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields() : {}
  const field = fields[name]
  // What has a price by its arguments is none of them.
  if (field === undefined || !isLeafType(getNamedType(field.type)) || isOfGroups(parent, name))
    return undefined
  if (name === 'sdl') return sdl
  const weight = namedLeaves[name] ?? leaves[getNamedType(field.type).name] ?? otherLeaf
  const length = lengthOf(parent, field)
  return { cost: length * weight.cost, bytes: length * weight.bytes }
}

/** Whether it counts the rows of groups: of all of them at once, whichever group it stands in. */
export const isOfGroups = ({ name: parent }: GraphQLNamedType, name: string): boolean =>
  name === 'groupCount' || (parent.endsWith('GroupCount') && DETAILS.has(name))

const DETAILS: ReadonlySet<string> = new Set(['distinct', 'share'])

/** How many objects, or values, a field gives whose list takes no size. */
export const lengthOf = (parent: GraphQLNamedType, { name, type }: Field): number => {
  if (name === 'ofType') return SELDOM
  if (!isListType(getNullableType(type))) return 1
  return (parent.name.startsWith('__') ? listLengths[name] : undefined) ?? OTHER_LENGTH
}

/** Which types are pages, and of what; and which are objects of a collection. */
export const pricedTypesOf = (schema: GraphQLSchema) => {
  const naming = namingOf(schema)
  const collectionOf = new Map(
    collectionNames.map(name => [naming.type(collections[name].type), name] as const),
  )
  const lists = new Map<string, ListField['of']>([
    ...collectionNames.map((name): [string, CollectionName] => [
      naming.type(`${collections[name].type}Connection`),
      name,
    ]),
    ...storedNames.map((name): [string, 'stored'] => [
      naming.type(`${storedLists[name].type}Connection`),
      'stored',
    ]),
    [naming.type('TimelineConnection'), 'timeline'],
    [naming.type('SearchConnection'), 'search'],
    [naming.type('OcsfEventConnection'), 'ocsf'],
  ])
  const root = schema.getQueryType()?.name
  return {
    lists,
    isEntity: (type: string): boolean => collectionOf.has(type),
    parent: (type: string): ListField['parent'] =>
      type === root ? undefined : (collectionOf.get(type) ?? 'other'),
  }
}
