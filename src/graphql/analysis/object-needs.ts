/** What is needed below objects: what their fields lead to, and theirs in turn. */
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
  type SelectionSetNode,
} from 'graphql'
import { type AnyNeed, type Need, objectTimelineNeeds } from '../../loaders/loaders.ts'
import { collections } from '../../model/collections.ts'
import { relations } from '../../model/relations.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { ListName } from '../../model/stored.ts'
import { isGiven } from '../../model/values.ts'
import { type EventNeed, eventNeeds, type NeedsByPath } from '../../ocsf/event-needs.ts'
import { joinedLinks } from '../../ocsf/links.ts'
import type { Naming } from '../federation/naming.ts'
import { type AskedGroups, askedGroups, lookedAt } from './looked-at.ts'
import { keyOf, type Selections } from './selections.ts'
import { storedNeed } from './stored-needs.ts'
import { needsOfTimeline } from './timeline-needs.ts'
import type { Coerced } from './variables.ts'

const DEFAULT_FIRST = 50

/** What is kept here of each object, by the field that gives it. */
export const storedOfObjects: Readonly<Record<string, 'events' | 'changes'>> = {
  history: 'events',
  changes: 'changes',
}

/** The field of each object that merges them. */
export const TIMELINE_FIELD = 'timeline'

type Values = Readonly<Record<string, unknown>>

/** A field that asks for objects by arguments which may not fit. */
export interface Asked {
  /** Where it stands in the answer, without the indexes of lists. */
  readonly path: string
  /** Its own name, among those of the collection's type or of the query. */
  readonly field: string
  readonly of: CollectionName | 'query'
  /** As GraphQL coerced them. */
  readonly args: Values
  /** What is grouped below it. */
  readonly groups: readonly AskedGroups[]
}

/** The operation whose needs are looked for. */
export interface DemandWalk {
  readonly schema: GraphQLSchema
  readonly naming: Naming
  readonly values: Coerced
  readonly selections: Selections
  /** Called with the fields that the needs come from, a parent before what stands below it. */
  readonly onAsked: ((asked: Asked) => void) | undefined
}

/** The arguments of a field of that definition with those of its groups, handed on to whoever looks at them. */
export const readAsked = (
  { values, selections, onAsked }: DemandWalk,
  definition: GraphQLField<unknown, unknown> | undefined,
  node: FieldNode,
  asked: Pick<Asked, 'path' | 'field' | 'of'>,
): Given => {
  const args = values.argumentsOrNone(definition, node)
  const groups = askedGroups(selections, values, definition, node)
  onAsked?.({ ...asked, args, groups })
  return { args, groups }
}

/** The arguments of a field, and what is grouped of the list that it gives. */
export type Given = Pick<Asked, 'args' | 'groups'>

export type AskedSize = Pick<Need, 'first' | 'whole' | 'filter' | 'beside'>

/** How many rows a field that gives that list asks for, and whether only the whole list can answer. */
export const askedSize = (
  { fieldsOf }: Selections,
  field: FieldNode,
  { args, groups }: Given,
  list?: ListName,
): AskedSize => {
  const { first, last, before, orderBy, filter } = args
  const size = first ?? last
  const counts = [...fieldsOf(field.selectionSet)].some(({ name }) =>
    ['totalCount', 'groups', 'groupCount'].includes(name.value),
  )
  const beside = list === undefined ? undefined : lookedAt(list, args, groups)
  return {
    first: typeof size === 'number' ? size : DEFAULT_FIRST,
    whole: counts || (size !== 0 && (isGiven(last) || isGiven(before) || isGiven(orderBy))),
    ...(isGiven(filter) ? { filter } : {}),
    ...(beside === undefined ? {} : { beside }),
  }
}

/** Whether a list is asked for no row, and nothing about the whole: it is not read. */
export const isNothing = ({ first, whole }: AskedSize): boolean => first === 0 && !whole

/** Finds what is needed below the rows of a page, below one object, and with the object that a field leads to. */
export const createObjectNeeds = (walk: DemandWalk) => {
  const { schema, naming, selections } = walk
  const { fieldsOf, rowsOf } = selections

  const belowList = (page: FieldNode, name: CollectionName, path: string): AnyNeed[] => {
    const below: AnyNeed[] = []
    for (const [row, at] of rowsOf(page, path)) below.push(...belowObject(row, name, at))
    return below
  }

  const belowObject = (object: FieldNode, name: CollectionName, above: string): AnyNeed[] => {
    const called = schema.getType(naming.type(collections[name].type))
    const type = isObjectType(called) ? called : undefined
    const below: AnyNeed[] = []
    for (const node of fieldsOf(object.selectionSet, type))
      below.push(...ofField(node, name, type, `${above}.${keyOf(node)}`))
    return below
  }

  const ofField = (
    node: FieldNode,
    of: CollectionName,
    type: GraphQLObjectType | undefined,
    path: string,
  ): readonly AnyNeed[] => {
    const field = node.name.value
    const link = relations[of].toOne.find(({ name }) => name === field)
    if (link !== undefined) return [linkNeed(node, link.to, path)]
    const list = relations[of].toMany.find(({ name }) => name === field)
    const stored = storedOfObjects[field]
    if (list === undefined && stored === undefined && field !== TIMELINE_FIELD)
      return field === 'ocsf'
        ? needsOfOcsf(selections, [node], of, path)
        : of === 'detections'
          ? ofDetection(node, path)
          : []
    const given = readAsked(walk, type?.getFields()[field], node, { path, field, of })
    const asked = { path, ...askedSize(selections, node, given, list?.to ?? stored) }
    if (isNothing(asked)) return []
    if (field === TIMELINE_FIELD)
      return needsOfTimeline(
        selections,
        { field: node, ...asked },
        given.args,
        { belowObject, linkNeed },
        (kinds, below) => objectTimelineNeeds(of, kinds, path, below),
      )
    if (stored !== undefined)
      return [storedNeed(selections, { name: stored, field: node, ...asked }, linkNeed)]
    if (list === undefined) return []
    const { to, foreignField } = list
    const then = belowList(node, to, path)
    return [{ kind: 'children', collection: to, field: foreignField, ...asked, then }]
  }

  const linkNeed = (field: FieldNode, to: CollectionName, path: string): Need => ({
    ...oneObject('link', to, path),
    then: belowObject(field, to, path),
  })

  const ofDetection = (field: FieldNode, path: string): readonly Need[] => {
    if (field.name.value !== 'events') return []
    const needs = [detailsNeed(path)]
    for (const inner of fieldsOf(field.selectionSet))
      if (inner.name.value === 'account')
        needs.push(linkNeed(inner, 'accounts', `${path}.${keyOf(inner)}`))
    return needs
  }

  return { belowList, belowObject, linkNeed }
}

/** What an object's event of OCSF needs beside the object, by what those fields select of the event. */
export const needsOfOcsf = (
  selections: Selections,
  events: readonly FieldNode[],
  of: CollectionName,
  path: string,
): readonly Need[] => {
  const paths = eventNeeds.get(of)
  if (paths === undefined) return []
  const found = new Set<EventNeed>()
  for (const { selectionSet } of events)
    for (const need of needsSelected(selections, selectionSet, paths)) found.add(need)
  const isFound = (need: EventNeed): boolean => found.has(need) || found.has('both')
  const links = isFound('links') ? (joinedLinks.get(of) ?? []) : []
  return [
    ...(isFound('details') ? [detailsNeed(path)] : []),
    ...links.map(({ to }) => oneObject('link', to, path)),
  ]
}

/** The needs of what is selected, `above` being the path to it. */
function* needsSelected(
  selections: Selections,
  set: SelectionSetNode | undefined,
  paths: NeedsByPath,
  above = '',
): Generator<EventNeed> {
  for (const { name, selectionSet } of selections.fieldsOf(set)) {
    const path = `${above}${name.value}`
    const need = paths.get(path)
    const below = `${path}.`
    if (need !== undefined) yield need
    else if ([...paths.keys()].some(other => other.startsWith(below)))
      yield* needsSelected(selections, selectionSet, paths, below)
  }
}

/** What lists of detections leave out of each. */
const detailsNeed = (path: string): Need => oneObject('details', 'detections', path)

const oneObject = (kind: Need['kind'], collection: CollectionName, path: string): Need => ({
  kind,
  path,
  collection,
  first: 1,
  whole: false,
  then: [],
})
