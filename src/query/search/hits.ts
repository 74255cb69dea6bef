/** What a search found in one connector, each object once with every way in which the value led to it. */
import type { EventRow } from '../../model/events.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import type { ObservableKind } from '../../model/observables.ts'
import type { Maybe } from '../../model/maybe.ts'
import { compareText } from '../../model/values.ts'
import type { Work } from '../../work/work.ts'

/** One way in which the value led to an object. */
export interface Match {
  /** Type and field: `Account.email`; with `via`, of the object at which the link begins. */
  readonly field: string
  readonly kind: ObservableKind
  /** Type and field of the link, `Employee.accounts`; null where the object holds the value itself. */
  readonly via: string | null
}

export interface Hit {
  /** The alias of the object's connector. */
  readonly connector: string
  readonly collection: CollectionName | 'events'
  readonly row: Row | EventRow
  /** The direct ones first. */
  readonly matchedOn: readonly Match[]
}

export interface Hits {
  add(collection: CollectionName, row: Row, match: Match): void
  add(collection: 'events', row: EventRow, match: Match): void
  /** The objects of those collections and the events, in no particular order. */
  all(collections: ReadonlySet<CollectionName>, work: Work): Maybe<readonly Hit[]>
}

/** About what it takes to add a match, or to give an object that was found: some may lead to every row there is. */
export const HIT_NS = 1_000

interface OpenHit extends Hit {
  /** Each once; a few at most. */
  readonly matchedOn: Match[]
}

export const createHits = (connector: string): Hits => {
  /** By the ids of their objects. */
  const found = new Map<Hit['collection'], Map<string, OpenHit>>()

  const foundIn = (collection: Hit['collection']): Map<string, OpenHit> => {
    const known = found.get(collection)
    if (known !== undefined) return known
    const hits = new Map<string, OpenHit>()
    found.set(collection, hits)
    return hits
  }

  function* give(wanted: ReadonlySet<CollectionName>, work: Work): Generator<void, Hit[]> {
    const given: Hit[] = []
    for (const [collection, hits] of found) {
      if (collection !== 'events' && !wanted.has(collection)) continue
      for (const hit of hits.values()) {
        if (!work.spend(HIT_NS)) yield
        hit.matchedOn.sort(byDirectness)
        given.push(hit)
      }
    }
    return given
  }

  return {
    add: (collection: Hit['collection'], row: Hit['row'], match: Match): void => {
      const hits = foundIn(collection)
      const known = hits.get(row.id)
      if (known === undefined) hits.set(row.id, { connector, collection, row, matchedOn: [match] })
      else if (!known.matchedOn.some(other => byDirectness(other, match) === 0))
        known.matchedOn.push(match)
    },
    all: (wanted, work) => work.run(give(wanted, work)),
  }
}

/** Which part of a search came in first must not show. */
const byDirectness = (a: Match, b: Match): number =>
  Number(a.via !== null) - Number(b.via !== null) ||
  compareText(a.field, b.field) ||
  compareText(a.kind, b.kind) ||
  compareText(a.via ?? '', b.via ?? '')
