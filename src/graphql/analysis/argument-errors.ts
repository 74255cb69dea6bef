/**
 * Arguments that cannot be asked with, found before anything is read. The resolvers refuse them too, but what is read
 * ahead is asked of Push before they run, and for a plan alone none runs.
 */
import { BadInputError } from '../../errors.ts'
import { type AnyNeed, checkGroups, type Loaders } from '../../loaders/loaders.ts'
import { collectionNames } from '../../model/collections.ts'
import { relations } from '../../model/relations.ts'
import type { ListName } from '../../model/stored.ts'
import { storedNames } from '../../model/stored.ts'
import type { Asked } from './demand.ts'
import { exactlyOne } from './arguments.ts'
import { searchArguments } from './arguments.ts'
import { timelineArguments } from './arguments.ts'

/** A field that will be refused. */
export interface Mistake {
  /** Where it stands in the answer, without the indexes of lists. */
  readonly path: string
  readonly error: BadInputError
}

/** Those of the fields that will be refused, whatever is read before. */
export const findMistakes = (asked: readonly Asked[], loaders: Loaders): readonly Mistake[] =>
  asked.flatMap(field => {
    try {
      check(field, loaders)
      return []
    } catch (error) {
      if (error instanceof BadInputError) return [{ path: field.path, error }]
      throw error
    }
  })

/** The needs without those of fields that will be refused, and of all below them. */
export const withoutMistakes = (
  needs: readonly AnyNeed[],
  mistakes: readonly Mistake[],
): readonly AnyNeed[] =>
  needs
    .filter(need => !mistakes.some(({ path }) => `${need.path}.`.startsWith(`${path}.`)))
    .map(need => ({ ...need, then: withoutMistakes(need.then, mistakes) }))

/** Asks for what the field asks for, as its resolver will, and reads nothing of it. */
const check = (asked: Asked, loaders: Loaders): void => {
  const list = asked.of === 'query' ? checkRoot(asked, loaders) : checkBelow(asked, loaders)
  if (list !== undefined) for (const groups of asked.groups) checkGroups(list, groups as never)
}

/** The list that the field gives; undefined for the others. */
const checkRoot = ({ field, args }: Asked, loaders: Loaders): ListName | undefined => {
  const { connector, connectors } = args as {
    readonly connector?: string | null
    readonly connectors?: readonly string[] | null
  }
  if (typeof connector === 'string') loaders.connector(connector)
  const list = collectionNames.find(name => name === field)
  if (list !== undefined) loaders.list(connectors, list, args)
  const stored = storedNames.find(name => name === field)
  if (stored !== undefined) loaders.stored(connectors, stored, args)
  if (field === 'search') loaders.search(connectors, searchArguments(args))
  if (field === 'ocsfEvents') loaders.timeline(connectors, timelineArguments(args))
  if (field === 'employee') exactlyOne(args, 'id', 'email')
  if (field === 'app') exactlyOne(args, 'id', 'type')
  return list ?? stored
}

/** A cursor belongs to one parent's list: whether it fits that, only its resolver can tell. */
const checkBelow = ({ of, field, args }: Asked, loaders: Loaders): ListName | undefined => {
  const terms = { ...args, after: undefined, before: undefined }
  if (field === 'history') {
    loaders.stored(undefined, 'events', terms)
    return 'events'
  }
  const to =
    of === 'query' ? undefined : relations[of].toMany.find(({ name }) => name === field)?.to
  if (to !== undefined) loaders.list(undefined, to, terms)
  return to
}
