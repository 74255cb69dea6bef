/** What a search will read, as far as its arguments say: for the demand of its operation, before anything is read. */
import { GatewayError } from '../../errors.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Need, AnyNeed } from '../planning/need.ts'
import { beginsAt, collectionOf } from './follow-links.ts'
import { type Hop, type FieldRef, fieldRefsOf } from './fields.ts'
import { type SearchQuery, type SearchValueArguments, readSearchQuery } from './arguments.ts'
import { scopeOf } from './scope.ts'

/** What is selected of each object of that collection that is found. */
export type Below = (name: CollectionName) => readonly AnyNeed[]

/** Where the reading of a collection for a search is shown in a plan: the hits stand in one list, whatever they are. */
export const stepPath = (path: string, name: CollectionName): string => `${path}.${name}`

/**
 * The needs of a search whose field stands at that path; none where its arguments cannot be used, which the search
 * will say. It is expected that one object holds the value. Of an id that may be of several kinds, it is known only
 * once it has been asked for what else has to be read: the needs are those requests alone.
 */
export const searchNeeds = (
  args: SearchValueArguments,
  path: string,
  below: Below = () => [],
): readonly Need[] => searchNeedsOf(() => readSearchQuery(args), path, below)

/** The same of a search that is read by that. */
export const searchNeedsOf = (
  read: () => SearchQuery,
  path: string,
  below: Below,
): readonly Need[] => {
  try {
    return needsOf(read(), path, below)
  } catch (error) {
    if (error instanceof GatewayError) return []
    throw error
  }
}

const needsOf = (searchQuery: SearchQuery, path: string, belowAny: Below): readonly Need[] => {
  const below: Below = name => (searchQuery.types.has(name) ? belowAny(name) : [])
  const fields = foreseen(searchQuery)
  const { hops, inRows, looksIntoEvents, thorough } = scopeOf(searchQuery, fields.directly)

  const lookedIn = (name: CollectionName, where: readonly FieldRef[]): Need[] => {
    const filters = where.map(field => filterOf(field, searchQuery.value))
    const parts = filters.includes(undefined) ? [undefined] : filters
    return parts.map((filter, index) => ({
      ...single(name, path),
      ...(filter === undefined ? {} : { filter }),
      // What hangs on the object counts once, wherever the value stands in it.
      then: index > 0 ? [] : [...below(name), ...followed(name, where)],
    }))
  }

  const followed = (name: CollectionName, where: readonly FieldRef[]): Need[] =>
    hops
      .filter(hop => collectionOf(hop.from) === name && where.some(field => beginsAt(hop, field)))
      .flatMap(hop => toNeed(hop, path, below))

  const events = (): Need[] => {
    const where = fields.directly.filter(({ holder }) => collectionOf(holder) === 'detections')
    const details: Need = { ...single('detections', path), kind: 'details' }
    const all: Need = { ...single('detections', path), first: Infinity }
    return [
      ...(thorough ? [{ ...all, then: [details] }] : []),
      ...(where.length > 0 ? lookedIn('detections', where) : [all]),
    ]
  }

  return [
    ...fields.first.map(field => ({
      ...single(collectionOf(field.holder), path),
      filter: filterOf(field, searchQuery.value),
    })),
    ...[...inRows]
      .filter(([name]) => !(looksIntoEvents && name === 'detections'))
      .flatMap(([name, where]) => lookedIn(name, where)),
    ...(looksIntoEvents ? events() : []),
  ]
}

/** The fields by which Push is asked what an id names, and those that are looked at if it goes as expected. */
const foreseen = ({
  kinds,
}: SearchQuery): {
  readonly first: readonly FieldRef[]
  readonly directly: readonly FieldRef[]
} => {
  const fields = fieldRefsOf(kinds)
  const first = fields.filter(({ names }) => names === 'first')
  const [named, ...others] = new Set(first.map(({ kind }) => kind))
  if (named === undefined) return { first, directly: fields }
  if (others.length > 0) return { first, directly: [] }
  return {
    first: [],
    directly: fields.filter(({ kind, names }) => kind === named && names !== 'last'),
  }
}

const single = (name: CollectionName, path: string): Need => ({
  kind: 'search',
  path: stepPath(path, name),
  collection: name,
  first: 1,
  whole: true,
  then: [],
})

/** What is looked for in a field as a caller would write it; undefined where no filter says the same. */
const filterOf = ({ holder, field, as }: FieldRef, value: string): unknown =>
  holder !== 'detectionEvents' && (as === 'id' || as === 'text')
    ? { [field]: { eq: value } }
    : undefined

const toNeed = ({ link, to }: Hop, path: string, below: Below): Need[] => {
  // The events of a detection come with the detection.
  if (link.kind === 'events') return []
  return [
    {
      ...single(to, path),
      ...(link.kind === 'one'
        ? { kind: 'link', whole: false }
        : { kind: 'children', field: link.of.foreignField, first: Infinity }),
      then: below(to),
    },
  ]
}
