/**
 * The order of sorted lists. Texts go without regard to letter case, by the code points of their folded form; words
 * with a rank (a severity) by that; other words of enumerations, ids and moments as they stand; false before true. Null comes last in both directions, and the
 * id, ascending, breaks the last tie.
 */
import { BadInputError } from '../errors.ts'
import { collectionNames } from '../model/collections.ts'
import { enums, ranked } from '../model/enums.ts'
import { numberKey, upperSnake } from '../model/dimensions.ts'
import type { ToMany } from '../model/relations.ts'
import { fieldsOf, type ListName, type ListRows, storedNames } from '../model/stored.ts'
import { compareCodePoints, compareFolded } from './letters.ts'
import { operandsOf, type Operand } from './operands.ts'
import { membersOf, readList, refuse } from './read-input.ts'
import { derived, type FieldValues } from './values.ts'
import { compareVersions, isVersion } from './versions.ts'

export interface OrderKey {
  /** A field of the collection that holds one value, `name` of an app, or how many objects a relation leads to. */
  readonly field: string
  readonly direction: 'ASC' | 'DESC'
  /** The relation whose objects are counted. */
  readonly counts?: ToMany
}

/** How many objects that relation leads to from a row. */
export type NumberOf = (row: object, relation: ToMany) => number

export interface FilterOrder<Row> {
  /** The same text for the same order. */
  readonly key: string
  readonly fields: readonly string[]
  /** What the row is sorted by, one for each field. */
  readonly valuesOf: (row: Row) => readonly unknown[]
  /** Negative when `a` comes first, 0 only for rows with the same id. */
  readonly compare: (a: Row, b: Row) => number
}

/**
 * The keys of an `orderBy` argument: `[{field: LAST_USED_AT, direction: DESC}]`, ascending where no direction is
 * given. A field that stands there twice counts where it stands first.
 *
 * @throws {BadInputError} with the path of what cannot be sorted by, or is an explicit null.
 */
export const readOrder = (
  collection: ListName,
  input: unknown,
  path = 'orderBy',
): readonly OrderKey[] => {
  if (input === undefined) return []
  const keys = readList(input, path, (value, at) => readKey(collection, value, at))
  return keys.filter((key, index) => keys.findIndex(({ field }) => field === key.field) === index)
}

/** The order by those keys; without any, that of the ids. `numberOf`: where keys count what relations lead to. */
export const createOrder = <Name extends ListName>(
  collection: Name,
  keys: readonly OrderKey[],
  numberOf: NumberOf = () => 0,
): FilterOrder<ListRows[Name]> => {
  const readers = keys.map(({ field, counts }) =>
    counts === undefined ? valueOf(collection, field) : (row: FieldValues) => numberOf(row, counts),
  )
  const comparators = keys.map((key, index) => comparator(collection, key, readers[index]))
  return {
    key: JSON.stringify(keys.map(({ field, direction }) => [field, direction])),
    fields: keys.map(({ field }) => field),
    valuesOf: row => readers.map(read => read(row as unknown as FieldValues)),
    compare: (a, b) => {
      for (const compare of comparators) {
        const sign = compare(a as unknown as FieldValues, b as unknown as FieldValues)
        if (sign !== 0) return sign
      }
      return compareCodePoints(a.id, b.id)
    },
  }
}

const readKey = (collection: ListName, input: unknown, path: string): OrderKey => {
  const members = new Map(membersOf(input, path))
  const name = members.get('field')
  const direction = members.get('direction') ?? 'ASC'
  const key = typeof name === 'string' ? sortable.get(collection)?.get(name) : undefined
  if (key === undefined)
    throw new BadInputError(`${path}.field is no field to sort by`, `${path}.field`)
  if (direction !== 'ASC' && direction !== 'DESC') return refuse(`${path}.direction`, 'a direction')
  return { ...key, direction }
}

type Compare = (a: FieldValues, b: FieldValues) => number

const comparator = (
  collection: ListName,
  { field, direction }: OrderKey,
  read: (row: FieldValues) => unknown = () => null,
): Compare => {
  const compare =
    rankOrder(collection, field) ??
    versionOrder(collection, field) ??
    (isText(collection, field) ? compareFolded : compareCodePoints)
  const sign = direction === 'ASC' ? 1 : -1
  return (rowA, rowB) => {
    const [a, b] = [read(rowA), read(rowB)]
    if (a === b) return 0
    if (isMissing(a) || isMissing(b)) return Number(isMissing(a)) - Number(isMissing(b))
    if (typeof a === 'string' && typeof b === 'string') return sign * compare(a, b)
    return sign * (Number(a) - Number(b))
  }
}

/** By rank, where the words of the field have one; a word that is new to us comes after those we know. */
const rankOrder = (
  collection: ListName,
  field: string,
): ((a: string, b: string) => number) | undefined => {
  const of = fieldsOf(collection)[field]?.enum
  if (of === undefined || !ranked.has(of)) return undefined
  const words: readonly string[] = enums[of]
  const rank = (word: string): number => (words.includes(word) ? words.indexOf(word) : words.length)
  return (a, b) => rank(a) - rank(b) || compareCodePoints(a, b)
}

/** By their numbers, where the field holds versions; a text that is none comes after them. */
const versionOrder = (
  collection: ListName,
  field: string,
): ((a: string, b: string) => number) | undefined => {
  if (fieldsOf(collection)[field]?.isVersion !== true) return undefined
  return (a, b) => {
    if (isVersion(a) && isVersion(b)) return compareVersions(a, b)
    return Number(isVersion(b)) - Number(isVersion(a)) || compareFolded(a, b)
  }
}

const valueOf = (collection: ListName, field: string): ((row: FieldValues) => unknown) =>
  derived(collection, field, { connectorAlias: '' }) ?? (row => row[field])

const isMissing = (value: unknown): boolean => value === null || value === undefined

/** Whether the field is compared without regard to letter case. */
export const isText = (collection: ListName, field: string): boolean => {
  // The one field that is not of the row, the name of an app, is a text.
  return (fieldsOf(collection)[field]?.kind ?? 'string') === 'string'
}

type SortKey = Pick<OrderKey, 'field' | 'counts'>

/** Every field of one value by its name in the enumeration of sort keys, those of a part among them; and every number. */
const sortableOf = (
  operands: ReadonlyMap<string, Operand>,
): readonly (readonly [string, SortKey])[] =>
  [...operands].flatMap(([name, operand]): readonly (readonly [string, SortKey])[] => {
    if (operand.kind === 'members') return sortableOf(operand.of)
    if (operand.kind === 'toMany')
      return [[numberKey(name), { field: `${name}.count`, counts: operand.relation }]]
    const isOwn = operand.kind === 'value' && operand.field === name && name !== 'connectorAlias'
    return isOwn ? [[upperSnake(name), { field: name }]] : []
  })

const sortable: ReadonlyMap<ListName, ReadonlyMap<string, SortKey>> = new Map(
  [...collectionNames, ...storedNames].map(name => [name, new Map(sortableOf(operandsOf(name)))]),
)
