/** What a search will read, as far as its arguments tell: for the demand of its operation, before anything is read. */
import { GatewayError } from '../../errors.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Need } from '../planning/need.ts'
import type { AnyNeed } from '../planning/need.ts'
import { beginsAt, collectionOf } from './follow-links.ts'
import { type Hop, type Place, placesOf } from './fields.ts'
import { type Quest, type QuestArguments, readQuest } from './arguments.ts'
import { scopeOf } from './scope.ts'

/** What is selected of each object of that collection that is found. */
export type Below = (name: CollectionName) => readonly AnyNeed[]

/** Where the reading of a collection for a search is shown in a plan: the hits stand in one list, whatever they are. */
export const stepPath = (path: string, name: CollectionName): string => `${path}.${name}`

/**
 * The needs of a search whose field stands at that path; none where its arguments cannot be used, which the search
 * will say. It is expected that one object holds the value. Of an id that may be of several kinds, it is known only
 * once it has been asked for what else has to be read: the needs are those questions alone.
 */
export const searchNeeds = (
  args: QuestArguments,
  path: string,
  below: Below = () => [],
): readonly Need[] => {
  try {
    return needsOf(readQuest(args), path, below)
  } catch (error) {
    if (error instanceof GatewayError) return []
    throw error
  }
}

const needsOf = (quest: Quest, path: string, belowAny: Below): readonly Need[] => {
  const below: Below = name => (quest.types.has(name) ? belowAny(name) : [])
  const places = foreseen(quest)
  const { hops, inRows, looksIntoEvents, thorough } = scopeOf(quest, places.directly)

  const lookedIn = (name: CollectionName, where: readonly Place[]): Need[] => {
    const filters = where.map(place => filterOf(place, quest.value))
    const parts = filters.includes(undefined) ? [undefined] : filters
    return parts.map((filter, index) => ({
      ...single(name, path),
      ...(filter === undefined ? {} : { filter }),
      // What hangs on the object counts once, wherever the value stands in it.
      then: index > 0 ? [] : [...below(name), ...followed(name, where)],
    }))
  }

  const followed = (name: CollectionName, where: readonly Place[]): Need[] =>
    hops
      .filter(hop => collectionOf(hop.from) === name && where.some(place => beginsAt(hop, place)))
      .flatMap(hop => toNeed(hop, path, below))

  const events = (): Need[] => {
    const where = places.directly.filter(({ holder }) => collectionOf(holder) === 'detections')
    const details: Need = { ...single('detections', path), kind: 'details' }
    const all: Need = { ...single('detections', path), first: Infinity }
    return [
      ...(thorough ? [{ ...all, then: [details] }] : []),
      ...(where.length > 0 ? lookedIn('detections', where) : [all]),
    ]
  }

  return [
    ...places.first.map(place => ({
      ...single(collectionOf(place.holder), path),
      filter: filterOf(place, quest.value),
    })),
    ...[...inRows]
      .filter(([name]) => !(looksIntoEvents && name === 'detections'))
      .flatMap(([name, where]) => lookedIn(name, where)),
    ...(looksIntoEvents ? events() : []),
  ]
}

/** The places that Push is asked at to learn what an id names, and those that are looked at if it goes as expected. */
const foreseen = ({
  kinds,
}: Quest): { readonly first: readonly Place[]; readonly directly: readonly Place[] } => {
  const places = placesOf(kinds)
  const first = places.filter(({ names }) => names === 'first')
  const [named, ...others] = new Set(first.map(({ kind }) => kind))
  if (named === undefined) return { first, directly: places }
  if (others.length > 0) return { first, directly: [] }
  return {
    first: [],
    directly: places.filter(({ kind, names }) => kind === named && names !== 'last'),
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

/** The condition of a place as a caller would write it; undefined where no filter says the same. */
const filterOf = ({ holder, field, as }: Place, value: string): unknown =>
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
