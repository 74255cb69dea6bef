/** What an operation will ask for, read from its document before it runs. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  getDirectiveValues,
  getOperationAST,
  getVariableValues,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  isAbstractType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { type AnyNeed, type Need, searchNeeds, timelineNeeds } from '../loaders/loaders.ts'
import { collectionNames, collections } from '../model/collections.ts'
import { relations } from '../model/relations.ts'
import type { CollectionName } from '../model/rows.ts'
import { type StoredName, storedLists, storedNames } from '../model/stored.ts'
import { isToldByEvents } from '../ocsf/ocsf.ts'
import { referenceNeeds } from './federation/demand.ts'
import { namingOf } from './federation/naming.ts'
import { searchArguments } from './search-arguments.ts'
import { timelineArguments } from './timeline-arguments.ts'
import { oneMistake } from './variables.ts'

/** Fields looked at in one document: fragments within fragments must not make this the slowest part. */
const MAX_FIELDS = 5_000
const DEFAULT_FIRST = 50

const isGiven = (value: unknown): boolean => value !== undefined && value !== null

/** The name of a field in the answer. */
const keyOf = ({ alias, name }: FieldNode): string => alias?.value ?? name.value

/** The root fields that give one object, by name. */
const singles: ReadonlyMap<string, CollectionName> = new Map(
  collectionNames.map(name => {
    const { type } = collections[name]
    return [type.charAt(0).toLowerCase() + type.slice(1), name]
  }),
)

/** Where the links of a stored list lead to, by their fields. */
const storedLinks = (name: StoredName): ReadonlyMap<string, CollectionName> =>
  new Map([
    ...storedLists[name].links.map((link): [string, CollectionName] => [link.name, link.to]),
    // The object of a DETECTION event, which has no filter.
    ...(name === 'events' ? [['detection', 'detections'] as const] : []),
  ])

/** What a filter asks of the objects behind those links. */
const throughOf = (
  filter: unknown,
  links: ReadonlyMap<string, CollectionName>,
): { readonly collection: CollectionName; readonly filter: unknown }[] => {
  if (typeof filter !== 'object' || filter === null) return []
  return Object.entries(filter).flatMap(([name, inner]: [string, unknown]) => {
    const collection = links.get(name)
    if (collection !== undefined) return [{ collection, filter: inner }]
    if (name === 'not') return throughOf(inner, links)
    if (name !== 'and' && name !== 'or') return []
    return [inner].flat().flatMap(part => throughOf(part, links))
  })
}

/** The needs of the named operation; none where it cannot run, for its variables or its name. */
export const needsOf = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Readonly<Record<string, unknown>>,
): AnyNeed[] => {
  const operation = getOperationAST(document, operationName)
  if (operation === null || operation === undefined) return []
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition)
  const { coerced } = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    variables,
    oneMistake,
  )
  if (coerced === undefined) return []
  const naming = namingOf(schema)
  let left = MAX_FIELDS

  /** The arguments as the resolver will get them; none where they cannot be coerced, which the resolver will say. */
  const argumentsOf = (
    parent: GraphQLObjectType | null | undefined,
    field: FieldNode,
  ): Readonly<Record<string, unknown>> => {
    const definition: GraphQLField<unknown, unknown> | undefined =
      parent?.getFields()[field.name.value]
    try {
      return definition === undefined ? {} : getArgumentValues(definition, field, coerced)
    } catch {
      return {}
    }
  }

  const typeOf = (name: CollectionName): GraphQLObjectType | undefined => {
    const type = schema.getType(naming.type(collections[name].type))
    return isObjectType(type) ? type : undefined
  }

  const isLeftOut = (node: SelectionNode): boolean =>
    getDirectiveValues(GraphQLSkipDirective, node, coerced)?.['if'] === true ||
    getDirectiveValues(GraphQLIncludeDirective, node, coerced)?.['if'] === false

  /** The fields of a selection, with those of its fragments. */
  function* fieldsOf(set: SelectionSetNode | undefined): Generator<FieldNode> {
    for (const node of set?.selections ?? []) {
      if (left <= 0 || isLeftOut(node)) continue
      left -= 1
      if (node.kind === Kind.FIELD) yield node
      else if (node.kind === Kind.INLINE_FRAGMENT) yield* fieldsOf(node.selectionSet)
      else yield* fieldsOf(fragments.get(node.name.value)?.selectionSet)
    }
  }

  /** What a selection asks of objects of that type. */
  const narrowed = (
    set: SelectionSetNode | undefined,
    type: GraphQLObjectType,
  ): SelectionSetNode | undefined => {
    const fits = (condition: string | undefined): boolean => {
      const named = condition === undefined ? type : schema.getType(condition)
      return named === type || (isAbstractType(named) && schema.isSubType(named, type))
    }
    return (
      set && {
        ...set,
        selections: set.selections.filter(node => {
          if (node.kind === Kind.FIELD) return true
          const inner = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value)
          return fits(inner?.typeCondition?.name.value)
        }),
      }
    )
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

  /** The needs below the rows of a list, through `nodes` and `edges { node }`. */
  const belowRows = (
    field: FieldNode,
    path: string,
    belowRow: (row: FieldNode, path: string) => AnyNeed[],
  ): AnyNeed[] => {
    const below: AnyNeed[] = []
    for (const part of fieldsOf(field.selectionSet)) {
      if (part.name.value === 'nodes') below.push(...belowRow(part, `${path}.${keyOf(part)}`))
      if (part.name.value === 'edges')
        for (const edge of fieldsOf(part.selectionSet))
          if (edge.name.value === 'node')
            below.push(...belowRow(edge, `${path}.${keyOf(part)}.${keyOf(edge)}`))
    }
    return below
  }

  const belowList = (field: FieldNode, name: CollectionName, path: string): AnyNeed[] =>
    belowRows(field, path, (row, at) => belowObject(row, name, at))

  /** A list that is kept here, and the objects that its links lead to. */
  const storedNeed = (
    parent: GraphQLObjectType | null | undefined,
    field: FieldNode,
    name: StoredName,
    path: string,
  ): AnyNeed => {
    const { first, filter } = askedOf(parent, field)
    const links = storedLinks(name)
    return {
      kind: 'stored',
      path,
      collection: name,
      first,
      through: throughOf(filter, links),
      then: belowRows(field, path, (row, above) =>
        [...fieldsOf(row.selectionSet)].flatMap((part): AnyNeed[] => {
          const to = links.get(part.name.value)
          const at = `${above}.${keyOf(part)}`
          if (to === undefined) return []
          const then = belowObject(part, to, at)
          return [{ kind: 'link', path: at, collection: to, first: 1, whole: false, then }]
        }),
      ),
    }
  }

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

  /** The selections of the events of a page. */
  function* eventsOf(page: FieldNode): Generator<FieldNode> {
    for (const part of fieldsOf(page.selectionSet)) {
      if (part.name.value === 'nodes') yield part
      if (part.name.value === 'edges')
        for (const edge of fieldsOf(part.selectionSet)) if (edge.name.value === 'node') yield edge
    }
  }

  const belowObject = (field: FieldNode, name: CollectionName, above: string): AnyNeed[] => {
    const below: AnyNeed[] = []
    const type = typeOf(name)
    const set = field.selectionSet
    for (const part of fieldsOf(type === undefined ? set : narrowed(set, type))) {
      const path = `${above}.${keyOf(part)}`
      const link = relations[name].toOne.find(relation => relation.name === part.name.value)
      const list = relations[name].toMany.find(relation => relation.name === part.name.value)
      if (link !== undefined)
        below.push({
          kind: 'link',
          path,
          collection: link.to,
          first: 1,
          whole: false,
          then: belowObject(part, link.to, path),
        })
      else if (list !== undefined)
        below.push({
          kind: 'children',
          path,
          collection: list.to,
          field: list.foreignField,
          ...askedOf(typeOf(name), part),
          then: belowList(part, list.to, path),
        })
      else if (part.name.value === 'history')
        below.push(storedNeed(typeOf(name), part, 'events', path))
      else if (name === 'detections' && part.name.value === 'ocsf' && tellsOfEvents(part))
        below.push({ kind: 'details', path, collection: name, first: 1, whole: false, then: [] })
      else if (name === 'detections' && part.name.value === 'events') {
        below.push({ kind: 'details', path, collection: name, first: 1, whole: false, then: [] })
        for (const inner of fieldsOf(part.selectionSet))
          if (inner.name.value === 'account')
            below.push({
              kind: 'link',
              path: `${path}.${keyOf(inner)}`,
              collection: 'accounts',
              first: 1,
              whole: false,
              then: belowObject(inner, 'accounts', `${path}.${keyOf(inner)}`),
            })
      }
    }
    return below
  }

  const needs: AnyNeed[] = []
  for (const field of fieldsOf(operation.selectionSet)) {
    const name = naming.rootField(field.name.value)
    const path = keyOf(field)
    const list = collectionNames.find(collection => collection === name)
    const single = singles.get(name)
    const { id, connector, connectors } = argumentsOf(schema.getQueryType(), field)
    const aliases = isGiven(connector) ? [connector] : isGiven(connectors) ? connectors : undefined
    const within = aliases === undefined ? {} : { connectors: aliases as readonly string[] }
    if (name === '_entities')
      needs.push(
        ...referenceNeeds(argumentsOf(schema.getQueryType(), field), path, naming, of => {
          const type = typeOf(of)
          const selectionSet = type && narrowed(field.selectionSet, type)
          return selectionSet === undefined ? [] : belowObject({ ...field, selectionSet }, of, path)
        }),
      )
    else if (name === 'ocsfEvents') {
      const tells = [...eventsOf(field)].some(tellsOfEvents)
      for (const need of timelineNeeds(
        timelineArguments(argumentsOf(schema.getQueryType(), field)),
      ))
        needs.push({
          kind: 'list',
          path,
          ...within,
          ...need,
          then:
            need.collection === 'detections' && tells
              ? [
                  {
                    kind: 'details',
                    path,
                    collection: 'detections',
                    first: 1,
                    whole: false,
                    then: [],
                  },
                ]
              : [],
        })
    } else if (name === 'search') {
      const args = searchArguments(argumentsOf(schema.getQueryType(), field))
      for (const need of searchNeeds(args, path, found => belowList(field, found, path)))
        needs.push({ ...within, ...need })
    } else if (storedNames.some(stored => stored === name))
      needs.push({
        ...storedNeed(schema.getQueryType(), field, name as StoredName, path),
        ...within,
      })
    else if (list !== undefined)
      needs.push({
        kind: 'list',
        path,
        ...within,
        collection: list,
        ...askedOf(schema.getQueryType(), field),
        then: belowList(field, list, path),
      })
    else if (single !== undefined)
      needs.push({
        kind: 'object',
        path,
        ...within,
        collection: single,
        first: 1,
        // By anything but its id, an object is found among all.
        whole: !isGiven(id),
        then: belowObject(field, single, path),
      })
  }
  return needs
}
