/**
 * Which object leads to which others, as the links of `collections.ts` say: the links and lists of the graph, the
 * relation filters, the group dimensions and the demand of an operation all read it. A relation never leaves its
 * connector.
 */
import { collectionNames, collections } from './collections.ts'
import type { CollectionName, DetectionEvent, Rows } from './rows.ts'

/** A link to one object: `row[idField]` is its id. It leads nowhere where that is null or names no row. */
export interface ToOne<Field extends string = string> {
  /** The field of the graph. */
  readonly name: string
  readonly idField: Field
  readonly to: CollectionName
}

/** A list of objects: the rows of `to` whose `foreignField` equals `row[ownField]`; empty where that is null. */
export interface ToMany<Field extends string = string> {
  /** The field of the graph. */
  readonly name: string
  readonly to: CollectionName
  readonly foreignField: string
  readonly ownField: Field
  /** The row itself would be among them, and is left out. */
  readonly exceptSelf: boolean
}

export interface Relations<Field extends string = string> {
  readonly toOne: readonly ToOne<Field>[]
  readonly toMany: readonly ToMany<Field>[]
}

/** An id in `employeeId` leads to the `employee`. */
const one = <Field extends string>(idField: Field, to: CollectionName): ToOne<Field> => ({
  name: idField.replace(/Id$/, ''),
  idField,
  to,
})

/** The other ends of all links to that collection, and the objects that share a word with its own. */
const manyOf = (name: CollectionName): readonly ToMany[] => {
  const back = collectionNames.flatMap(of =>
    collections[of].links
      .filter(({ to }) => to === name)
      .map(({ field, back }): ToMany => ({
        name: back,
        to: of,
        foreignField: field,
        ownField: 'id',
        exceptSelf: false,
      })),
  )
  const { peers } = collections[name]
  if (peers === undefined) return back
  const { name: shared, field, of } = peers
  return [
    ...back,
    { name: shared, to: of, foreignField: field, ownField: field, exceptSelf: of === name },
  ]
}

export const relations = Object.fromEntries(
  collectionNames.map(name => [
    name,
    {
      toOne: collections[name].links.map(({ field, to }) => one(field, to)),
      toMany: manyOf(name),
    } satisfies Relations,
  ]),
) as unknown as { readonly [Name in CollectionName]: Relations<keyof Rows[Name] & string> }

/** The links of one event inside a detection. */
export const detectionEventRelations: Relations<keyof DetectionEvent> = {
  toOne: [one('accountId', 'accounts')],
  toMany: [],
}
