/** What an operation will ask for, read from its document before it runs. */
import {
  type DocumentNode,
  type FieldNode,
  getOperationAST,
  type GraphQLSchema,
  OperationTypeNode,
} from 'graphql'
import {
  type AnyNeed,
  type Need,
  searchNeeds,
  timelineNeeds,
  valueTimelineNeeds,
} from '../../loaders/loaders.ts'
import { singles } from '../../model/collection-lookups.ts'
import { collectionNames } from '../../model/collections.ts'
import { storedNames } from '../../model/stored.ts'
import { isGiven } from '../../model/values.ts'
import type { Work } from '../../work/work.ts'
import { referenceSteps } from '../federation/demand.ts'
import { namingOf } from '../federation/naming.ts'
import { searchArguments, timelineArguments, valueTimelineArguments } from './arguments.ts'
import {
  type Asked,
  askedSize,
  type Given,
  isNothing,
  createObjectNeeds,
  type DemandWalk,
  needsOfOcsf,
  readAsked,
  TIMELINE_FIELD,
} from './object-needs.ts'
import { createSelections, keyOf } from './selections.ts'
import { storedNeed } from './stored-needs.ts'
import { needsOfTimeline } from './timeline-needs.ts'
import { type ReadVariables, readVariables } from './variables.ts'

type Values = Readonly<Record<string, unknown>>

export interface NeedsOptions {
  readonly read?: ReadVariables
  /** Called with the fields that the needs come from. */
  readonly onAsked?: (asked: Asked) => void
  /** Whose turns it takes; found in one go where absent. */
  readonly work?: Work | undefined
}

/** About what it takes to find what a root field needs. */
const FIELD_NS = 10_000

/** The needs of the named operation; none where it cannot run, for its variables or its name. */
export function* needSteps(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Values,
  { read = readVariables, onAsked, work }: NeedsOptions = {},
): Generator<void, readonly AnyNeed[]> {
  const operation = getOperationAST(document, operationName)
  // What a mutation reads is read after it.
  if (!operation || operation.operation === OperationTypeNode.MUTATION) return []
  const values = read(schema, operation, variables)
  if (values.coerced === undefined) return []
  const selections = createSelections(schema, document, values.coerced)
  const naming = namingOf(schema)
  const walk = { schema, naming, values, selections, onAsked }
  const below = createObjectNeeds(walk)
  const needs: AnyNeed[] = []
  for (const field of selections.fieldsOf(operation.selectionSet)) {
    if (work?.spend(FIELD_NS) === false) yield
    const definition = schema.getQueryType()?.getFields()[field.name.value]
    const [path, name] = [keyOf(field), naming.rootField(field.name.value)]
    const given = readAsked(walk, definition, field, { path, field: name, of: 'query' })
    const { args } = given
    const only = namedConnectors(args)
    const found =
      name === '_entities'
        ? yield* referenceSteps(args, path, naming, of => below.belowObject(field, of, path), work)
        : rootNeeds(walk, below, { field, path, name, ...given })
    for (const need of found) needs.push({ ...only, ...need })
  }
  return needs
}

interface RootField extends Given {
  readonly field: FieldNode
  readonly path: string
  /** Its own name, whatever the naming makes of it. */
  readonly name: string
}

/** What a root field needs of each connector that it is asked of. */
const rootNeeds = (
  { selections }: DemandWalk,
  { belowList, belowObject, linkNeed }: ReturnType<typeof createObjectNeeds>,
  root: RootField,
): readonly AnyNeed[] => {
  const { field, path, name, args } = root
  if (isGiven(args['at'])) return pastNeeds(selections, root, args['at'])
  if (name === 'search')
    return isNothing(askedSize(selections, field, root))
      ? []
      : searchNeeds(searchArguments(args), path, of => belowList(field, of, path))
  if (name === TIMELINE_FIELD) {
    const size = askedSize(selections, field, root)
    if (isNothing(size)) return []
    const { value } = valueTimelineArguments(args)
    const timeline = { field, path, first: size.first }
    return needsOfTimeline(selections, timeline, args, { belowObject, linkNeed }, (kinds, below) =>
      valueTimelineNeeds(value, kinds, path, below),
    )
  }
  if (name === 'ocsfEvents') {
    const events = [...selections.rowsOf(field, path)].map(([row]) => row)
    return timelineNeeds(timelineArguments(args)).map(need => ({
      kind: 'list',
      path,
      ...need,
      then: needsOfOcsf(selections, events, need.collection, path),
    }))
  }
  const single = singles.get(name)
  if (single !== undefined) {
    const then = belowObject(field, single, path)
    // By anything but its id, an object is found among all.
    return [
      { kind: 'object', path, collection: single, first: 1, whole: !isGiven(args['id']), then },
    ]
  }
  const stored = storedNames.find(of => of === name)
  if (stored !== undefined) {
    const size = askedSize(selections, field, root, stored)
    if (isNothing(size)) return []
    return [storedNeed(selections, { name: stored, field, path, ...size }, linkNeed)]
  }
  const collection = collectionNames.find(of => of === name)
  if (collection === undefined) return []
  const size = askedSize(selections, field, root, collection)
  if (isNothing(size)) return []
  return [{ kind: 'list', path, collection, ...size, then: belowList(field, collection, path) }]
}

/** What was known at a moment is here, or nowhere. */
const pastNeeds = (
  selections: DemandWalk['selections'],
  root: RootField,
  at: unknown,
): readonly AnyNeed[] => {
  const { field, path, name } = root
  const past = { kind: 'past', path, at: Number(at), then: [] } as const
  const single = singles.get(name)
  if (single !== undefined) return [{ ...past, collection: single, first: 1 }]
  const collection = collectionNames.find(of => of === name)
  if (collection === undefined) return []
  const size = askedSize(selections, field, root)
  return isNothing(size) ? [] : [{ ...past, collection, first: size.first }]
}

/** The only connectors that a root field is asked of, where it names some. */
const namedConnectors = ({ connector, connectors }: Values): Pick<Need, 'connectors'> => {
  const aliases = isGiven(connector) ? [connector] : isGiven(connectors) ? connectors : undefined
  return aliases === undefined ? {} : { connectors: aliases as readonly string[] }
}
