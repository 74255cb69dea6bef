/** What is needed below objects: what their fields lead to, and theirs in turn. */
import {
  type FieldNode,
  getNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
} from 'graphql'
import type { AnyNeed, Need } from '../../loaders/loaders.ts'
import { collections } from '../../model/collections.ts'
import { relations } from '../../model/relations.ts'
import type { CollectionName } from '../../model/rows.ts'
import { isGiven } from '../../model/values.ts'
import { isToldByEvents } from '../../ocsf/ocsf.ts'
import type { Naming } from '../federation/naming.ts'
import { keyOf, type Selections } from './selections.ts'
import { storedNeed } from './stored-needs.ts'
import type { Coerced } from './variables.ts'

const DEFAULT_FIRST = 50

type Values = Readonly<Record<string, unknown>>
type Parent = GraphQLObjectType | null | undefined

/** A field that asks for objects by arguments which may not fit. */
export interface Asked {
  /** Where it stands in the answer, without the indexes of lists. */
  readonly path: string
  /** Its own name, among those of the collection's type or of the query. */
  readonly field: string
  readonly of: CollectionName | 'query'
  /** As GraphQL coerced them. */
  readonly args: Values
  /** The arguments of each `groups` below it. */
  readonly groups: readonly Values[]
}

/** The walk through one operation. */
export interface DemandWalk {
  readonly schema: GraphQLSchema
  readonly naming: Naming
  readonly values: Coerced
  readonly selections: Selections
  /** Called with the fields that the needs come from, a parent before what stands below it. */
  readonly onAsked: ((asked: Asked) => void) | undefined
}

/** The arguments of a field as its resolver will get them; none where they do not fit. */
export const argumentsOf = ({ values }: DemandWalk, parent: Parent, field: FieldNode): Values => {
  const definition = parent?.getFields()[field.name.value]
  return definition === undefined ? {} : values.argumentsOrNone(definition, field)
}

/** Hands on that a field asks with those arguments, and what its groups ask with. */
export const noteAsked = (
  walk: DemandWalk,
  parent: Parent,
  node: FieldNode,
  asked: Omit<Asked, 'groups'>,
): void => {
  if (walk.onAsked === undefined) return
  const definition = parent?.getFields()[node.name.value]
  const type = definition && getNamedType(definition.type)
  const groups = isObjectType(type)
    ? [...walk.selections.fieldsOf(node.selectionSet)]
        .filter(({ name }) => name.value === 'groups')
        .map(field => argumentsOf(walk, type, field))
    : []
  walk.onAsked({ ...asked, groups })
}

/** How many rows a list field asks for, and whether only the whole list can answer. */
export const askedSize = (
  { selections }: DemandWalk,
  field: FieldNode,
  { first, last, before, orderBy, filter }: Values,
): Pick<Need, 'first' | 'whole' | 'filter'> => {
  const size = first ?? last
  const counts = [...selections.fieldsOf(field.selectionSet)].some(({ name }) =>
    ['totalCount', 'groups'].includes(name.value),
  )
  return {
    first: typeof size === 'number' ? size : DEFAULT_FIRST,
    whole: counts || isGiven(last) || isGiven(before) || isGiven(orderBy),
    ...(isGiven(filter) ? { filter } : {}),
  }
}

/** The needs below the rows of a page. */
export const belowList = (
  walk: DemandWalk,
  page: FieldNode,
  name: CollectionName,
  path: string,
): AnyNeed[] => {
  const below: AnyNeed[] = []
  for (const [row, at] of walk.selections.rowsOf(page, path))
    below.push(...belowObject(walk, row, name, at))
  return below
}

/** The needs below an object of that collection, which the field at `above` gives. */
export const belowObject = (
  walk: DemandWalk,
  object: FieldNode,
  name: CollectionName,
  above: string,
): AnyNeed[] => {
  const called = walk.schema.getType(walk.naming.type(collections[name].type))
  const type = isObjectType(called) ? called : undefined
  const below: AnyNeed[] = []
  for (const node of walk.selections.fieldsOf(object.selectionSet, type)) {
    const path = `${above}.${keyOf(node)}`
    const field = node.name.value
    const link = relations[name].toOne.find(relation => relation.name === field)
    const list = relations[name].toMany.find(relation => relation.name === field)
    if (link !== undefined) below.push(linkNeed(walk, node, link.to, path))
    else if (list !== undefined || field === 'history') {
      const args = argumentsOf(walk, type, node)
      noteAsked(walk, type, node, { path, field, of: name, args })
      const size = askedSize(walk, node, args)
      below.push(
        list === undefined
          ? storedNeed(walk, { name: 'events', field: node, path, ...size }, linkNeed)
          : {
              kind: 'children',
              path,
              collection: list.to,
              field: list.foreignField,
              ...size,
              then: belowList(walk, node, list.to, path),
            },
      )
    } else if (name === 'detections') below.push(...ofDetection(walk, node, path))
  }
  return below
}

/** The object that a field leads to. */
export const linkNeed = (
  walk: DemandWalk,
  field: FieldNode,
  to: CollectionName,
  path: string,
): Need => ({
  kind: 'link',
  path,
  collection: to,
  first: 1,
  whole: false,
  then: belowObject(walk, field, to, path),
})

/** What a field of a detection needs of its events. */
const ofDetection = (walk: DemandWalk, field: FieldNode, path: string): readonly Need[] => {
  if (field.name.value === 'ocsf') return needsDetails(walk, field) ? [detailsNeed(path)] : []
  if (field.name.value !== 'events') return []
  const accounts = [...walk.selections.fieldsOf(field.selectionSet)].filter(
    ({ name }) => name.value === 'account',
  )
  return [
    detailsNeed(path),
    ...accounts.map(account => linkNeed(walk, account, 'accounts', `${path}.${keyOf(account)}`)),
  ]
}

/** Whether an event of OCSF is asked for what only the events of its detection tell. */
export const needsDetails = ({ selections: { fieldsOf } }: DemandWalk, ocsf: FieldNode): boolean =>
  [...fieldsOf(ocsf.selectionSet)].some(
    ({ name, selectionSet }) =>
      isToldByEvents(name.value) ||
      (name.value === 'finding_info' &&
        [...fieldsOf(selectionSet)].some(inner =>
          isToldByEvents(`finding_info.${inner.name.value}`),
        )),
  )

/** What lists of detections leave out of each. */
export const detailsNeed = (path: string): Need => ({
  kind: 'details',
  path,
  collection: 'detections',
  first: 1,
  whole: false,
  then: [],
})
