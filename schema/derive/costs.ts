/**
 * What a field costs upstream, as weights for those who refuse operations by an estimate: a request to Push weighs 10,
 * an object in the answer 1. The sizes are those of a tenant of a thousand employees, cold.
 */
import type { FieldDefinitionNode, ObjectTypeDefinitionNode } from 'graphql'
import { singles } from '../../src/model/collection-lookups.ts'
import { collectionNames, collections } from '../../src/model/collections.ts'
import { relations } from '../../src/model/relations.ts'
import type { CollectionName } from '../../src/model/rows.ts'
import { pagesOf, presumedRows } from '../../src/query/planning/presumed-sizes.ts'
import { shapeOf } from './written.ts'

const REQUEST = 10
/** A change, and the look at the object before or after it. */
const WRITE = 2 * REQUEST
const PAGE = 50
const ROWS_A_REQUEST = 200

const pages = (name: CollectionName): number =>
  pagesOf(presumedRows(name, undefined), ROWS_A_REQUEST)

/** One object's share of a scan that serves a page of them. */
const scanShare = (name: CollectionName): number => Math.ceil((pages(name) * REQUEST) / PAGE)

/** What leads to one object, or to the rows of one parent, by a request of its own or its share of a scan. */
const direct = (name: CollectionName): number => Math.min(REQUEST, scanShare(name))

/** The arguments of `@cost` and `@listSize` for a field of that type, as the schema language writes them; '' for none. */
export const costOf = (type: ObjectTypeDefinitionNode, field: FieldDefinitionNode): string =>
  [weightOf(type.name.value, field), sizeOf(field)].filter(part => part !== '').join(' ')

const weightOf = (parent: string, field: FieldDefinitionNode): string => {
  const weight =
    parent === 'Query'
      ? rootWeight(field.name.value)
      : parent === 'Mutation'
        ? WRITE
        : memberWeight(parent, field)
  return weight === undefined ? '' : `@cost(weight: ${weight})`
}

const rootWeight = (field: string): number | undefined => {
  if (singles.has(field) || collectionNames.some(name => name === field)) return REQUEST
  // Accounts are asked for by their own parameters.
  if (field === 'search')
    return collectionNames
      .filter(name => name !== 'accounts' && Object.keys(collections[name].search).length > 0)
      .reduce((sum, name) => sum + pages(name) * REQUEST, 0)
  if (field === 'timeline') return rootWeight('search')
  if (field === 'ocsfEvents') return collectionNames.length * REQUEST
  return undefined
}

const memberWeight = (parent: string, field: FieldDefinitionNode): number | undefined => {
  const { name, list } = shapeOf(field.type)
  if (parent.endsWith('Edge') || field.name.value === 'nodes') return undefined
  const listed = collectionNames.find(of => `${collections[of].type}Connection` === parent)
  if (listed !== undefined && ['totalCount', 'groups', 'groupCount'].includes(field.name.value))
    return scanShare(listed)
  // Each look at the rows of the groups: all groups of a list share it.
  if (parent.endsWith('GroupCount') && ['distinct', 'share'].includes(field.name.value)) return 1
  if (parent === 'Detection' && field.name.value === 'events') return REQUEST
  if (name === 'Entity' && !list) return REQUEST
  const linked = collectionNames.find(of => collections[of].type === name)
  if (linked !== undefined) return direct(linked)
  const owner = collectionNames.find(of => collections[of].type === parent)
  const many = owner && relations[owner].toMany.find(of => of.name === field.name.value)
  if (many === undefined) return undefined
  const isAskedFor = collections[many.to].pushdown.some(
    ({ field: of, operator }) => of === many.foreignField && operator === 'eq',
  )
  return isAskedFor ? direct(many.to) : scanShare(many.to)
}

const sizeOf = (field: FieldDefinitionNode): string => {
  const slicing = ['first', 'last'].filter(name =>
    field.arguments?.some(argument => argument.name.value === name),
  )
  if (slicing.length === 0) return ''
  const [assumed, sized] =
    field.name.value === 'groups' ? [1000, ''] : [PAGE, ', sizedFields: ["nodes", "edges"]']
  return `@listSize(assumedSize: ${assumed}, slicingArguments: ${JSON.stringify(slicing)}${sized}, requireOneSlicingArgument: false)`
}
