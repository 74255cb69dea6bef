/** What an operation will ask for, read from its document before it runs. */
import {
  type DocumentNode,
  type FieldNode,
  getOperationAST,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql'
import { type AnyNeed, type Need, searchNeeds, timelineNeeds } from '../../loaders/loaders.ts'
import { collectionNames, singles } from '../../model/collections.ts'
import { storedNames } from '../../model/stored.ts'
import { isGiven } from '../../model/values.ts'
import { referenceNeeds } from '../federation/demand.ts'
import { namingOf } from '../federation/naming.ts'
import { searchArguments, timelineArguments } from './arguments.ts'
import {
  argumentsOf,
  type Asked,
  belowList,
  belowObject,
  detailsNeed,
  linkNeed,
  needsDetails,
  noteAsked,
  askedSize,
  type DemandWalk,
} from './object-needs.ts'
import { createSelections, keyOf } from './selections.ts'
import { storedNeed } from './stored-needs.ts'
import { type ReadVariables, readVariables } from './variables.ts'

type Values = Readonly<Record<string, unknown>>

export interface NeedsOptions {
  readonly read?: ReadVariables
  /** Called with the fields that the needs come from. */
  readonly onAsked?: (asked: Asked) => void
}

/** The needs of the named operation; none where it cannot run, for its variables or its name. */
export const needsOf = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Values,
  { read = readVariables, onAsked }: NeedsOptions = {},
): AnyNeed[] => {
  const operation = getOperationAST(document, operationName)
  if (operation === null || operation === undefined) return []
  const values = read(schema, operation, variables)
  if (values.coerced === undefined) return []
  const selections = createSelections(schema, document, values.coerced)
  const walk: DemandWalk = { schema, naming: namingOf(schema), values, selections, onAsked }
  const query = schema.getQueryType()
  const needs: AnyNeed[] = []
  for (const field of selections.fieldsOf(operation.selectionSet)) {
    const args = argumentsOf(walk, query, field)
    const only = namedConnectors(args)
    for (const need of rootNeeds(walk, query, field, args)) needs.push({ ...only, ...need })
  }
  return needs
}

/** What a root field needs of each connector that it is asked of. */
const rootNeeds = (
  walk: DemandWalk,
  query: GraphQLObjectType | null | undefined,
  field: FieldNode,
  args: Values,
): readonly AnyNeed[] => {
  const name = walk.naming.rootField(field.name.value)
  const path = keyOf(field)
  noteAsked(walk, query, field, { path, field: name, of: 'query', args })
  if (name === '_entities')
    return referenceNeeds(args, path, walk.naming, of => belowObject(walk, field, of, path))
  if (name === 'ocsfEvents') return timelineFieldNeeds(walk, field, args)
  if (name === 'search')
    return searchNeeds(searchArguments(args), path, found => belowList(walk, field, found, path))
  const stored = storedNames.find(of => of === name)
  if (stored !== undefined)
    return [
      storedNeed(walk, { name: stored, field, path, ...askedSize(walk, field, args) }, linkNeed),
    ]
  const collection = collectionNames.find(of => of === name)
  if (collection !== undefined)
    return [
      {
        kind: 'list',
        path,
        collection,
        ...askedSize(walk, field, args),
        then: belowList(walk, field, collection, path),
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
      then: belowObject(walk, field, single, path),
    },
  ]
}

const timelineFieldNeeds = (
  walk: DemandWalk,
  field: FieldNode,
  args: Values,
): readonly AnyNeed[] => {
  const path = keyOf(field)
  const details = [...walk.selections.rowsOf(field, path)].some(([event]) =>
    needsDetails(walk, event),
  )
  return timelineNeeds(timelineArguments(args)).map(need => ({
    kind: 'list',
    path,
    ...need,
    then: need.collection === 'detections' && details ? [detailsNeed(path)] : [],
  }))
}

/** The only connectors that a root field is asked of, where it names some. */
const namedConnectors = ({ connector, connectors }: Values): Pick<Need, 'connectors'> => {
  const aliases = isGiven(connector) ? [connector] : isGiven(connectors) ? connectors : undefined
  return aliases === undefined ? {} : { connectors: aliases as readonly string[] }
}
