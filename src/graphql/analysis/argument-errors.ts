/**
 * Arguments that cannot be asked with, found before anything is read. The resolvers refuse them too, but what is read
 * ahead is asked of Push before they run, and for a plan alone none runs.
 */
import type { DocumentNode, GraphQLSchema } from 'graphql'
import { BadInputError } from '../../errors.ts'
import {
  type AnyNeed,
  checkGroups,
  checkObjectTimeline,
  type Loaders,
} from '../../loaders/loaders.ts'
import { singles } from '../../model/collection-lookups.ts'
import { collectionNames } from '../../model/collections.ts'
import { andThen, type Maybe } from '../../model/maybe.ts'
import { relations } from '../../model/relations.ts'
import { type ListName, storedNames } from '../../model/stored.ts'
import type { Work } from '../../work/work.ts'
import {
  loadersAt,
  searchArguments,
  singleArguments,
  timelineArguments,
  valueTimelineArguments,
} from './arguments.ts'
import { needSteps } from './demand.ts'
import { type Asked, storedOfObjects, TIMELINE_FIELD } from './object-needs.ts'
import type { ReadVariables } from './variables.ts'

/** A field that will be refused. */
export interface ArgumentError {
  /** Where it stands in the answer, without the indexes of lists. */
  readonly path: string
  readonly error: BadInputError
}

export interface OperationToCheck {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operationName: string | null | undefined
  readonly variables: Readonly<Record<string, unknown>>
}

/** The fields of an operation that will be refused, whatever is read before; a parent before those below it. In turns. */
export const findArgumentErrors = (
  { schema, document, operationName, variables }: OperationToCheck,
  read: ReadVariables,
  { loaders, work }: { readonly loaders: Loaders; readonly work: Work },
): Maybe<readonly ArgumentError[]> => {
  const errors: ArgumentError[] = []
  const onAsked = (asked: Asked): void => {
    try {
      check(asked, loaders)
    } catch (error) {
      if (!(error instanceof BadInputError)) throw error
      errors.push({ path: asked.path, error })
    }
  }
  const options = { read, onAsked, work }
  return andThen(
    work.run(needSteps(schema, document, operationName, variables, options)),
    () => errors,
  )
}

/** The needs without those of fields that will be refused, and of all below them. */
export const withoutRefused = (
  needs: readonly AnyNeed[],
  errors: readonly ArgumentError[],
): readonly AnyNeed[] => withoutPaths(needs, new Set(errors.map(({ path }) => path)))

const withoutPaths = (
  needs: readonly AnyNeed[],
  refused: ReadonlySet<string>,
): readonly AnyNeed[] =>
  needs
    .filter(({ path }) => !isWithin(path, refused))
    .map(need => ({ ...need, then: withoutPaths(need.then, refused) }))

/** Whether the path is one of these, or leads below one. */
const isWithin = (path: string, refused: ReadonlySet<string>): boolean => {
  for (let end = path.indexOf('.'); end >= 0; end = path.indexOf('.', end + 1))
    if (refused.has(path.slice(0, end))) return true
  return refused.has(path)
}

/** Asks for what the field asks for, as its resolver will, and reads nothing of it. */
const check = (asked: Asked, loaders: Loaders): void => {
  const list = asked.of === 'query' ? checkRoot(asked, loaders) : checkBelow(asked, loaders)
  if (list !== undefined)
    for (const { args, distinct, shares } of asked.groups) {
      checkGroups(list, args as never, distinct)
      // What a share asks is read as a filter of the list is.
      for (const where of shares) loaders.checkFilter(list, where, 'where')
    }
}

/** The list that the field gives; undefined for the others. */
const checkRoot = ({ field, args }: Asked, loaders: Loaders): ListName | undefined => {
  const { connector, connectors, at } = args as {
    readonly connector?: string | null
    readonly connectors?: readonly string[] | null
    readonly at?: number | null
  }
  if (typeof connector === 'string') loaders.connector(connector)
  const list = collectionNames.find(name => name === field)
  if (list !== undefined) loadersAt(loaders, at).list(connectors, list, args)
  const stored = storedNames.find(name => name === field)
  if (stored === 'changes') loaders.changes(connectors, args)
  else if (stored !== undefined) loaders.stored(connectors, stored, args)
  if (field === 'search') loaders.search(connectors, searchArguments(args))
  if (field === 'timeline') loaders.timelineAround(connectors, valueTimelineArguments(args))
  if (field === 'ocsfEvents') loaders.timeline(connectors, timelineArguments(args))
  const single = singles.get(field)
  if (single !== undefined) singleArguments(single, args)
  return list ?? stored
}

/** A cursor belongs to one parent's list: whether it fits that, only its resolver can tell. */
const checkBelow = ({ of, field, args }: Asked, loaders: Loaders): ListName | undefined => {
  const terms = { ...args, after: undefined, before: undefined }
  const stored = storedOfObjects[field]
  if (stored !== undefined) {
    loaders.stored(undefined, stored, terms)
    return stored
  }
  if (field === TIMELINE_FIELD) checkObjectTimeline(terms)
  const to =
    of === 'query' ? undefined : relations[of].toMany.find(({ name }) => name === field)?.to
  if (to !== undefined) loaders.list(undefined, to, terms)
  return to
}
