/**
 * What is known of a collection, a list of Push's API: the types of the table in `collections.ts`, and the helpers that
 * its entries are written with.
 */
import type { EnumName } from './enums.ts'
import type { Look, ObservableKind } from './observables.ts'
import type { CollectionName, Rows } from './rows.ts'

/** What a field holds: `seconds` is a UNIX time, `id` an opaque text compared as it stands. */
export type FieldKind =
  'id' | 'string' | 'boolean' | 'seconds' | 'enum' | 'strings' | 'enums' | 'objects'

export interface Field {
  readonly kind: FieldKind
  /** Where it stands in Push's object, with dots; the field's own name where absent. */
  readonly from: string
  /** Where else it may stand, for objects that have nothing at `from`. */
  readonly orFrom?: string
  /** A row without it cannot be read. Only what Push documents as always present. */
  readonly required: boolean
  /** The closed enumeration of kinds `enum` and `enums`. */
  readonly enum?: EnumName
  /** Few distinct values over many rows: one copy of each text is kept. */
  readonly shared: boolean
  /** When it was last in use, which is another moment all the time: of its changes one a day is kept. */
  readonly isOfUse?: boolean
  /** A text of numbers with dots between them, which stand above one another. */
  readonly isVersion?: boolean
}

/** A field that holds the id of an object of another collection, or of the same. */
export interface Link<FieldName extends string = string> {
  /** Its name ends in `Id`; without that, it is what the link is called in the graph. */
  readonly field: FieldName
  readonly to: CollectionName
  /** What the list of these objects is called there, at the other end of the link. */
  readonly back: string
}

/** A field whose word other objects share: the accounts with the same password. */
export interface Peers<FieldName extends string = string> {
  /** The list in the graph. */
  readonly name: string
  readonly field: FieldName
  readonly of: CollectionName
}

/**
 * How one comparison can be put to Push. `exact`: Push returns just the rows that match. `narrow`: it may return
 * more, so every row is checked again. Both are claims of the documentation until an answer has confirmed them.
 */
export interface Pushdown<FieldName extends string = string> {
  readonly field: FieldName
  readonly operator: 'eq' | 'gt' | 'gte' | 'lt' | 'lte'
  readonly parameter: string
  readonly strength: 'exact' | 'narrow'
  /** Documented or used in the field; the others are asked only once a probe has shown that they filter. */
  readonly trusted: boolean
}

/** A field, and the parameter by which Push is asked for values of it. */
export type ByParameter = Pick<Pushdown, 'field' | 'parameter'>

/** How webhooks tell of the objects of a collection. */
export interface WebhookNaming {
  readonly category: 'ENTITY' | 'DETECTION'
  /** What such events are about, in Push's word; null where the category alone says it. */
  readonly object: string | null
  /** The field of stored events that has the id of such an object, also in events about something else. */
  readonly idField: 'employeeId' | 'accountId' | 'appId' | 'browserId' | 'entityId'
  /** Where webhooks name the object by another field than its id, which is unique among those of one `within`. */
  readonly namedBy?: { readonly field: string; readonly within: 'employeeId' | 'browserId' }
}

/**
 * What a search for one kind of value does with the objects of a collection: in which fields it looks, by how it looks at
 * them, and where it goes on from those that hold the value.
 */
export type SearchRule<FieldName extends string = string> = {
  readonly [look in Look]?: readonly FieldName[]
} & {
  /**
   * The links that are followed. One with a dot is that of an event to the object, followed to the detection. An object
   * that holds the id of another is found by its own field: a link is followed to those that hold none.
   */
  readonly follow?: readonly string[]
}

export type SearchRules<FieldName extends string = string> = {
  readonly [kind in ObservableKind]?: SearchRule<FieldName>
}

type FieldOf<Name extends CollectionName> = keyof Rows[Name] & string

/** A collection as the table has it: every member has to be thought of. `Made` are the names of its computed fields. */
export interface Collection<
  Name extends CollectionName = CollectionName,
  Made extends string = string,
> {
  readonly name: Name
  /** The GraphQL type of one object. */
  readonly type: string
  readonly path: string
  /** What names one object beside its id, as an argument of the graph; null where nothing does. */
  readonly otherKey: FieldOf<Name> | null
  readonly size: {
    /**
     * How many there are in a tenant of a thousand employees, for the very first operation on a connector. The figure
     * only chooses between ways of reading that give the same rows.
     */
    readonly usualRows: number
    /**
     * Heap per row with its share of the indexes, as `npm run bench -- --only memory` measures it, and some more; what
     * the memory limit counts with.
     */
    readonly bytesPerRow: number
  }
  /** The field with the moment that the object tells of; null where it is a state, as new as its reading. */
  readonly ownTime: FieldOf<Name> | null
  readonly webhook: WebhookNaming
  readonly fields: { readonly [field in FieldOf<Name>]: Field }
  /** Texts that are made of the row, as further fields of the graph. */
  readonly computed?: Readonly<Record<Made, (row: Rows[Name]) => string>>
  readonly links: readonly Link<FieldOf<Name>>[]
  readonly peers?: Peers<FieldOf<Name>>
  readonly pushdown: readonly Pushdown<FieldOf<Name>>[]
  /** What tells the objects apart best when rows that lead to them are grouped. */
  readonly mainAttributes: readonly (FieldOf<Name> | Made)[]
  readonly search: SearchRules<FieldOf<Name> | Made>
}

/** An entry of the table; the words by which webhooks name its objects stay literal types. */
export const define = <
  Name extends CollectionName,
  const Naming extends WebhookNaming,
  Made extends string = never,
>(
  name: Name,
  entry: Omit<Collection<Name, NoInfer<Made>>, 'name' | 'computed' | 'webhook'> & {
    readonly webhook: Naming
    readonly computed?: Readonly<Record<Made, (row: Rows[Name]) => string>>
  },
): Collection<Name, Made> & { readonly webhook: Naming } => ({
  ...entry,
  name,
  fields: named(entry.fields),
})

/** The fields, each with the place in Push's object that it is read from. */
export const named = <Fields extends Readonly<Record<string, Field>>>(fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, of]) => [name, of.from === '' ? { ...of, from: name } : of]),
  ) as Fields

type Options = Partial<Omit<Field, 'kind'>>

const ofKind =
  (kind: FieldKind, defaults: Options = {}) =>
  (from = '', options: Options = {}): Field => ({
    kind,
    required: false,
    shared: false,
    ...defaults,
    ...options,
    from,
  })

export const id = ofKind('id', { required: true })
export const optionalId = ofKind('id')
export const text = ofKind('string')
export const word = ofKind('string', { shared: true })
export const version = word('', { isVersion: true })
export const flag = ofKind('boolean')
export const seconds = ofKind('seconds')
export const strings = ofKind('strings', { shared: true })
export const objects = ofKind('objects')
export const enumeration = (name: EnumName, options: Options = {}): Field =>
  ofKind('enum', { enum: name, shared: true })('', options)
export const enumerations = (name: EnumName): Field =>
  ofKind('enums', { enum: name, shared: true })()

export const required = { required: true } as const
export const lastUse = (from: string): Field => seconds(from, { isOfUse: true })
export const created = seconds('creationTimestamp', required)

export const narrow = <FieldName extends string>(
  field: FieldName,
  operator: Pushdown['operator'],
  parameter: string,
  trusted = true,
): Pushdown<FieldName> => ({ field, operator, parameter, strength: 'narrow', trusted })

export const exact = <FieldName extends string>(
  field: FieldName,
  trusted = true,
): Pushdown<FieldName> => ({ field, operator: 'eq', parameter: field, strength: 'exact', trusted })

export const createdAfter = (trusted: boolean): Pushdown<'createdAt'> =>
  narrow('createdAt', 'gt', 'creationTimestampAfter', trusted)

export const link = <FieldName extends string>(
  field: FieldName,
  to: CollectionName,
  back: string,
): Link<FieldName> => ({ field, to, back })
