/** What an operation will ask for, read from its document before it runs. */
import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  getOperationAST,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
} from 'graphql'
import { type AnyNeed, type Need, searchNeeds, timelineNeeds } from '../../loaders/loaders.ts'
import { collectionNames, collections } from '../../model/collections.ts'
import { relations } from '../../model/relations.ts'
import type { CollectionName } from '../../model/rows.ts'
import { storedNames } from '../../model/stored.ts'
import { isToldByEvents } from '../../ocsf/ocsf.ts'
import { referenceNeeds } from '../federation/demand.ts'
import { namingOf } from '../federation/naming.ts'
import { searchArguments } from './arguments.ts'
import { createSelections, keyOf } from './selections.ts'
import { storedNeed } from './stored-needs.ts'
import { timelineArguments } from './arguments.ts'
import { readVariables } from './variables.ts'
import { isGiven } from '../../model/values.ts'

const DEFAULT_FIRST = 50

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
  /** The arguments of each `groups` below it. */
  readonly groups: readonly Values[]
}

/**
 * The needs of the named operation; none where it cannot run, for its variables or its name. `onAsked` is told of the
 * fields that they come from.
 */
export const needsOf = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Values,
  onAsked?: (asked: Asked) => void,
): AnyNeed[] => {
  const operation = getOperationAST(document, operationName)
  if (operation === null || operation === undefined) return []
  const { coerced } = readVariables(schema, operation, variables)
  if (coerced === undefined) return []
  const naming = namingOf(schema)
  const query = schema.getQueryType()
  const selections = createSelections(schema, document, coerced)
  const { fieldsOf, rowsOf, narrowed, argumentsOf } = selections

  /** What a root field needs of each connector that it is asked of. */
  const rootNeeds = (field: FieldNode, args: Values): readonly AnyNeed[] => {
    const name = naming.rootField(field.name.value)
    const path = keyOf(field)
    if (onAsked !== undefined)
      onAsked({ path, field: name, of: 'query', args, groups: groupsOf(query, field) })
    if (name === '_entities')
      return referenceNeeds(args, path, naming, of => {
        const type = typeOf(of)
        const selectionSet = type && narrowed(field.selectionSet, type)
        return selectionSet === undefined ? [] : belowObject({ ...field, selectionSet }, of, path)
      })
    if (name === 'ocsfEvents') {
      const tells = [...rowsOf(field, path)].some(([event]) => tellsOfEvents(event))
      return timelineNeeds(timelineArguments(args)).map(need => ({
        kind: 'list',
        path,
        ...need,
        then: need.collection === 'detections' && tells ? [detailsNeed(path)] : [],
      }))
    }
    if (name === 'search')
      return searchNeeds(searchArguments(args), path, found => belowList(field, found, path))
    const stored = storedNames.find(of => of === name)
    if (stored !== undefined)
      return [
        storedNeed({ name: stored, field, path, ...askedOf(query, field) }, selections, linkNeed),
      ]
    const list = collectionNames.find(of => of === name)
    if (list !== undefined)
      return [
        {
          kind: 'list',
          path,
          collection: list,
          ...askedOf(query, field),
          then: belowList(field, list, path),
        },
      ]
    const single = singles.get(name)
    if (single === undefined) return []
    return [
      {
        kind: 'object',
        path,
        collection: single,
        first: 1,
        // By anything but its id, an object is found among all.
        whole: !isGiven(args['id']),
        then: belowObject(field, single, path),
      },
    ]
  }

  /** How many rows a list field asks for, and whether only the whole list can answer. */
  const askedOf = (
    parent: GraphQLObjectType | null | undefined,
    field: FieldNode,
  ): Pick<Need, 'first' | 'whole' | 'filter'> => {
    const { first, last, before, orderBy, filter } = argumentsOf(parent, field)
    const size = first ?? last
    const counts = [...fieldsOf(field.selectionSet)].some(({ name }) =>
      ['totalCount', 'groups'].includes(name.value),
    )
    return {
      first: typeof size === 'number' ? size : DEFAULT_FIRST,
      whole: counts || isGiven(last) || isGiven(before) || isGiven(orderBy),
      ...(isGiven(filter) ? { filter } : {}),
    }
  }

  const groupsOf = (
    parent: GraphQLObjectType | null | undefined,
    field: FieldNode,
  ): readonly Values[] => {
    const definition = parent?.getFields()[field.name.value]
    const type = definition && getNamedType(definition.type)
    if (!isObjectType(type)) return []
    return [...fieldsOf(field.selectionSet)]
      .filter(({ name }) => name.value === 'groups')
      .map(groups => argumentsOf(type, groups))
  }

  const belowList = (field: FieldNode, name: CollectionName, path: string): AnyNeed[] => {
    const below: AnyNeed[] = []
    for (const [row, at] of rowsOf(field, path)) below.push(...belowObject(row, name, at))
    return below
  }

  const belowObject = (field: FieldNode, name: CollectionName, above: string): AnyNeed[] => {
    const below: AnyNeed[] = []
    const type = typeOf(name)
    const set = field.selectionSet
    for (const part of fieldsOf(type === undefined ? set : narrowed(set, type))) {
      const path = `${above}.${keyOf(part)}`
      const link = relations[name].toOne.find(relation => relation.name === part.name.value)
      const list = relations[name].toMany.find(relation => relation.name === part.name.value)
      const field = part.name.value
      if (onAsked !== undefined && (list !== undefined || field === 'history'))
        onAsked({
          path,
          field,
          of: name,
          args: argumentsOf(type, part),
          groups: groupsOf(type, part),
        })
      if (link !== undefined) below.push(linkNeed(part, link.to, path))
      else if (list !== undefined)
        below.push({
          kind: 'children',
          path,
          collection: list.to,
          field: list.foreignField,
          ...askedOf(type, part),
          then: belowList(part, list.to, path),
        })
      else if (part.name.value === 'history')
        below.push(
          storedNeed(
            { name: 'events', field: part, path, ...askedOf(type, part) },
            selections,
            linkNeed,
          ),
        )
      else if (name === 'detections' && part.name.value === 'ocsf' && tellsOfEvents(part))
        below.push(detailsNeed(path))
      else if (name === 'detections' && part.name.value === 'events') {
        below.push(detailsNeed(path))
        for (const inner of fieldsOf(part.selectionSet))
          if (inner.name.value === 'account')
            below.push(linkNeed(inner, 'accounts', `${path}.${keyOf(inner)}`))
      }
    }
    return below
  }

  /** The object that a field leads to. */
  const linkNeed = (field: FieldNode, to: CollectionName, path: string): Need => ({
    kind: 'link',
    path,
    collection: to,
    first: 1,
    whole: false,
    then: belowObject(field, to, path),
  })

  /** Whether an event of OCSF is asked for what only the events of its detection tell. */
  const tellsOfEvents = (ocsf: FieldNode): boolean =>
    [...fieldsOf(ocsf.selectionSet)].some(
      part =>
        isToldByEvents(part.name.value) ||
        (part.name.value === 'finding_info' &&
          [...fieldsOf(part.selectionSet)].some(({ name }) =>
            isToldByEvents(`finding_info.${name.value}`),
          )),
    )

  const typeOf = (name: CollectionName): GraphQLObjectType | undefined => {
    const type = schema.getType(naming.type(collections[name].type))
    return isObjectType(type) ? type : undefined
  }

  const needs: AnyNeed[] = []
  for (const field of fieldsOf(operation.selectionSet)) {
    const args = argumentsOf(query, field)
    const only = namedConnectors(args)
    for (const need of rootNeeds(field, args)) needs.push({ ...only, ...need })
  }
  return needs
}

/** The only connectors that a root field is asked of, where it names some. */
const namedConnectors = ({ connector, connectors }: Values): Pick<Need, 'connectors'> => {
  const aliases = isGiven(connector) ? [connector] : isGiven(connectors) ? connectors : undefined
  return aliases === undefined ? {} : { connectors: aliases as readonly string[] }
}

/** The root fields that give one object, by name. */
const singles: ReadonlyMap<string, CollectionName> = new Map(
  collectionNames.map(name => {
    const { type } = collections[name]
    return [type.charAt(0).toLowerCase() + type.slice(1), name]
  }),
)

/** What lists of detections leave out of each. */
const detailsNeed = (path: string): Need => ({
  kind: 'details',
  path,
  collection: 'detections',
  first: 1,
  whole: false,
  then: [],
})
