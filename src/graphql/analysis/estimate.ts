/**
 * What an operation is estimated to cost and how long its answer will be, before anything is read: from what its fields
 * cost here (`weights.ts`), how many rows there are, and how many it asks for.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentSpreadNode,
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { BadInputError } from '../../errors.ts'
import { allRights, type Rights } from '../../model/rights.ts'
import { priceOfCount, priceOfDetail, priceOfGroups, priceOfList } from './list-price.ts'
import { isOfGroups, leafOf, lengthOf, metaFields, pricedTypesOf } from './priced-fields.ts'
import { type Price, Pricing, type Sizes, usualSizes } from './pricing.ts'
import { fragmentFinder, keyOf } from './selections.ts'
import { type ReadVariables, readVariables } from './variables.ts'
import { edge, mutation, object, ocsfObject, type Weight } from './weights.ts'

type Values = Readonly<Record<string, unknown>>
type Field = GraphQLField<unknown, unknown>

export interface Estimated {
  /** In microseconds of processor time. */
  readonly cost: number
  /** Of the answer. */
  readonly bytes: number
  /** The field that costs most of it, by its keys in the answer; '' where that was not asked for, or no field does. */
  readonly path: string
}

/**
 * The estimate with these variables, by the rows that a caller of these rights sees; nothing where they cannot be used, which is refused elsewhere.
 *
 * @throws BadInputError where nobody can even say what is wrong with them
 */
export type Estimate = (variables: Values, rights?: Rights, isTraced?: boolean) => Estimated

/** Goes through the operation once: what is left to do for each request is to multiply. */
export const createEstimate = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  read: ReadVariables = readVariables,
  sizes: Sizes = usualSizes,
): Estimate => {
  const root = schema.getRootType(operation.operation)
  if (!root) return () => nothing
  const price = createPrices(schema, document).ofSet(root, operation.selectionSet)
  return (variables, rights = allRights, isTraced = false) => {
    const values = read(schema, operation, variables)
    // graphql-js takes the end of its stack for an error in them.
    if (values.errors?.some(error => error instanceof RangeError))
      throw new BadInputError('The variables are nested too deeply', 'variables')
    if (values.coerced === undefined) return nothing
    const pricing = new Pricing(values, sizes, rights, isTraced)
    const cost = price(pricing)
    return { cost, bytes: pricing.bytes, path: pricing.path }
  }
}

const nothing: Estimated = { cost: 0, bytes: 0, path: '' }
const free: Price = pricing => {
  pricing.bytes = 0
  pricing.path = ''
  return 0
}

/** The prices of the selections of a document. */
const createPrices = (schema: GraphQLSchema, document: DocumentNode) => {
  const findFragment = fragmentFinder(document)
  const known = new Map<string, Price>()
  const kinds = pricedTypesOf(schema)

  /** How many events are stored is counted for each answer; of other lists it is known. */
  const isCount = (parent: GraphQLNamedType, { name }: FieldNode): boolean =>
    name.value === 'totalCount' && kinds.lists.get(parent.name) === 'stored'

  const ofField = (parent: GraphQLNamedType, node: FieldNode): Price => {
    const fields = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields() : {}
    const name = node.name.value
    const field = fields[name] ?? metaFields[name]
    if (field === undefined) return free
    const type = getNamedType(field.type)
    const inner = node.selectionSet === undefined ? free : ofSet(type, node.selectionSet)
    const of = kinds.lists.get(type.name)
    if (of !== undefined)
      return priceOfList({ field, node, of, parent: kinds.parent(parent.name), inner })
    if (isCount(parent, node)) return priceOfCount
    if (kinds.lists.has(parent.name)) {
      if (name === 'nodes') return perRow(inner, object)
      if (name === 'edges') return perRow(inner, edge)
      if (name === 'groups' || name === 'groupCount') return priceOfGroups(field, node, inner)
    }
    // A leaf that has a price by its arguments is one of the numbers of groups.
    if (node.selectionSet === undefined && isOfGroups(parent, name))
      return priceOfDetail(field, node)
    if (field.args.some(({ name: arg }) => arg === REPRESENTATIONS))
      return perRepresentation(field, node, inner)
    const each =
      name === 'ocsf' ? ocsfObject : parent === schema.getMutationType() ? mutation : object
    return kinds.isEntity(type.name)
      ? perNamed(inner, each)
      : perObject(inner, each, lengthOf(parent, field))
  }

  const ofFragment = (
    node: InlineFragmentNode | FragmentSpreadNode,
    parent: GraphQLNamedType,
  ): Price => {
    const fragment = findFragment(node)
    if (fragment === undefined) return free
    const condition = fragment.typeCondition?.name.value
    const type = (condition && schema.getType(condition)) || parent
    if (fragment.kind === Kind.INLINE_FRAGMENT) return ofSet(type, fragment.selectionSet)
    const name = fragment.name.value
    const price = known.get(name) ?? ofSet(type, fragment.selectionSet)
    known.set(name, price)
    return pricing => pricing.fragment(name, price)
  }

  /** Objects of an abstract type are of one of its types each: the dearest counts. */
  const ofSet = (parent: GraphQLNamedType, set: SelectionSetNode): Price => {
    const parts: Part[] = []
    const others: Part[] = []
    let [cost, bytes] = [0, 0]
    for (const node of set.selections) {
      if (node.kind !== Kind.FIELD) {
        others.push({ key: '', price: ofFragment(node, parent) })
        continue
      }
      const key = keyOf(node)
      // Quotes, colon and comma.
      bytes += key.length + 4
      const leaf = isCount(parent, node) ? undefined : leafOf(parent, node)
      if (leaf === undefined) parts.push({ key, price: ofField(parent, node) })
      else [cost, bytes] = [cost + leaf.cost, bytes + leaf.bytes]
    }
    if (!isAbstractType(parent)) parts.push(...others.splice(0))
    return sumOf({ cost, bytes }, parts, others)
  }
  return { ofSet }
}

interface Part {
  /** Its name in the answer; '' for a fragment. */
  readonly key: string
  readonly price: Price
}

/** The price of all parts and of the dearest of the others. */
const sumOf = (fixed: Weight, parts: readonly Part[], others: readonly Part[]): Price => {
  if (parts.length === 0 && others.length === 0)
    return pricing => {
      pricing.bytes = fixed.bytes
      pricing.path = ''
      return fixed.cost
    }
  return pricing => {
    let { cost, bytes } = fixed
    let dearest = 0
    let path = ''
    for (const { key, price } of parts) {
      const found = price(pricing)
      cost += found
      bytes += pricing.bytes
      if (!pricing.isTraced || found <= dearest) continue
      dearest = found
      path = joined(key, pricing.path)
    }
    let most = 0
    let mostBytes = 0
    for (const { key, price } of others) {
      const found = price(pricing)
      most = Math.max(most, found)
      mostBytes = Math.max(mostBytes, pricing.bytes)
      if (!pricing.isTraced || found <= dearest) continue
      dearest = found
      path = joined(key, pricing.path)
    }
    cost += most
    pricing.bytes = bytes + mostBytes
    pricing.path = dearest * 2 > cost ? path : ''
    return cost
  }
}

const joined = (key: string, path: string): string =>
  key === '' || path === '' ? key + path : `${key}.${path}`

const perObject =
  (inner: Price, each: Weight, count: number): Price =>
  pricing => {
    const cost = inner(pricing)
    pricing.bytes = count * (each.bytes + pricing.bytes)
    return count * (each.cost + cost)
  }

/** One object that its parent names, or that is asked for by its key. */
const perNamed =
  (inner: Price, each: Weight): Price =>
  pricing => {
    const { isNamed, list } = pricing
    pricing.isNamed = true
    pricing.list = undefined
    const cost = inner(pricing)
    pricing.isNamed = isNamed
    pricing.list = list
    pricing.bytes += each.bytes
    return each.cost + cost
  }

/** The rows of the page that they stand in. */
const perRow =
  (inner: Price, each: Weight): Price =>
  pricing => {
    const { list } = pricing
    if (list === undefined) return free(pricing)
    const cost = inner(pricing)
    pricing.bytes = list.page * (list.row.bytes + each.bytes + pricing.bytes)
    return list.page * (list.row.cost + each.cost + cost)
  }

const REPRESENTATIONS = 'representations'

const perRepresentation =
  (field: Field, node: FieldNode, inner: Price): Price =>
  pricing => {
    const given = pricing.values.argumentsOrNone(field, node)[REPRESENTATIONS]
    return perObject(inner, object, Array.isArray(given) ? given.length : 0)(pricing)
  }
