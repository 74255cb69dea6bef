/**
 * The rule of a search, as the table of collections has it: in which fields each kind of value is looked for, and which
 * links are followed from the objects that hold it. Fields and links are spelt as in the graph, and as an answer gives
 * them.
 */
import { collectionNames, collections } from '../../model/collections.ts'
import type { SearchRules } from '../../model/collection.ts'
import { detectionEventSearch } from '../../model/detection-events.ts'
import { type Likeness, looks, type ObservableKind } from '../../model/observables.ts'
import {
  detectionEventRelations,
  type Relations,
  relations,
  type ToMany,
  type ToOne,
} from '../../model/relations.ts'
import type { CollectionName } from '../../model/rows.ts'

/** The rows of a collection, or the events inside detections. */
export type Holder = CollectionName | 'detectionEvents'

/** A field in which a kind of value is looked for. */
export interface FieldRef {
  readonly kind: ObservableKind
  /** Type and field: `Account.email`. */
  readonly name: string
  readonly holder: Holder
  readonly field: string
  readonly as: Likeness
  /** Where the value names this very object: when that is found out. */
  readonly names: 'first' | 'last' | undefined
}

/** A link that is followed from the objects in which a kind of value was found. */
export interface Hop {
  readonly kind: ObservableKind
  /** Type and field: `Employee.accounts`. */
  readonly via: string
  readonly from: Holder
  readonly to: CollectionName
  readonly link:
    | { readonly kind: 'one'; readonly of: ToOne }
    | { readonly kind: 'many'; readonly of: ToMany }
    /** From an object to the detections whose events name it in that field. */
    | { readonly kind: 'events'; readonly idField: string }
}

/**
 * Kinds that an analyst looks for in the events of detections before all else. The events are read for them as far as
 * the operation's budget goes; for other kinds they are an addition, see `detection-events.ts`.
 */
export const livesInEvents: ReadonlySet<ObservableKind> = new Set(['DOMAIN', 'URL', 'IP_ADDRESS'])

interface Searched {
  readonly holder: Holder
  readonly type: string
  readonly rules: SearchRules
}

const searched: readonly Searched[] = [
  ...collectionNames.map(name => ({
    holder: name,
    type: collections[name].type,
    rules: collections[name].search,
  })),
  { holder: 'detectionEvents', type: 'DetectionEvent', rules: detectionEventSearch },
]

/** Every field that a value of these kinds may be in, kind by kind. */
export const fieldRefsOf = (kinds: readonly ObservableKind[]): readonly FieldRef[] =>
  kinds.flatMap(kind =>
    looks.flatMap(look => {
      const names = look === 'first' || look === 'last' ? look : undefined
      const as = look === 'first' || look === 'last' ? 'id' : look
      return searched.flatMap(({ holder, type, rules }) =>
        (rules[kind]?.[look] ?? []).map((field): FieldRef => {
          return { kind, name: `${type}.${field}`, holder, field, as, names }
        }),
      )
    }),
  )

/** Every link that is followed for these kinds. */
export const hopsOf = (kinds: readonly ObservableKind[]): readonly Hop[] =>
  kinds.flatMap(kind =>
    searched.flatMap(of => (of.rules[kind]?.follow ?? []).map(name => readHop(kind, name, of))),
  )

const readHop = (kind: ObservableKind, name: string, { holder, type }: Searched): Hop => {
  const ofEvent = detectionEventRelations.toOne.find(link => name === `DetectionEvent.${link.name}`)
  if (ofEvent !== undefined)
    return {
      kind,
      via: name,
      from: ofEvent.to,
      to: 'detections',
      link: { kind: 'events', idField: ofEvent.idField },
    }
  const via = `${type}.${name}`
  const known: Relations =
    holder === 'detectionEvents' ? detectionEventRelations : relations[holder]
  const one = known.toOne.find(link => link.name === name)
  if (one !== undefined)
    return { kind, via, from: holder, to: one.to, link: { kind: 'one', of: one } }
  const many = known.toMany.find(link => link.name === name)
  if (many !== undefined)
    return { kind, via, from: holder, to: many.to, link: { kind: 'many', of: many } }
  throw new Error(`The graph has no link ${via}`)
}
