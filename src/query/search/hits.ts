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

export const createHits = (connector: string): Hits => {
  const found = new Map<
    string,
    { collection: Hit['collection']; row: Hit['row']; matches: Map<string, Match> }
  >()

  function* give(wanted: ReadonlySet<CollectionName>, work: Work): Generator<void, Hit[]> {
    const given: Hit[] = []
    for (const { collection, row, matches } of found.values()) {
      if (!work.spend(HIT_NS)) yield
      if (collection === 'events' || wanted.has(collection))
        given.push({
          connector,
          collection,
          row,
          matchedOn: [...matches.values()].sort(byDirectness),
        })
    }
    return given
  }

  return {
    add: (collection: Hit['collection'], row: Hit['row'], match: Match): void => {
      const key = `${collection} ${row.id}`
      const entry = found.get(key) ?? { collection, row, matches: new Map<string, Match>() }
      found.set(key, entry)
      entry.matches.set(`${match.kind} ${match.field} ${match.via ?? ''}`, match)
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
