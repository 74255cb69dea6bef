/** Changes that Push sends by webhook: the rows follow at once, without a request. */
import { collections } from '../../model/collections.ts'
import type { CollectionName, Rows } from '../../model/rows.ts'
import { fieldOf } from '../../model/values.ts'
import { createPartDecoders, type PartialRow } from '../../upstream/decode/decode.ts'
import { createInterner } from '../../upstream/decode/interner.ts'
import { setBounded } from './bounded-map.ts'
import { wholeReadAt } from './coverage.ts'
import type { Table, When } from './table.ts'

/** One object that was created, changed or deleted. */
export interface Change extends When {
  readonly collection: CollectionName
  readonly type: 'CREATE' | 'UPDATE' | 'DELETE'
  /** As Push sent it; it may lack members. */
  readonly object: unknown
}

export type Follow = (change: Change) => void

/** What takes changes into the tables; `table` gives none where nothing of the collection has been read. */
export const createFollower = (
  table: <Name extends CollectionName>(name: Name) => Table<Name> | undefined,
): Follow => {
  const decoders = createPartDecoders(createInterner())
  const namesakes = createNamesakes()

  const follow = <Name extends CollectionName>(
    name: Name,
    { type, object, at, occurredAt, toldAt = at, learntFrom = 'EVENT' }: Change,
  ): void => {
    const rows = table(name)
    if (rows === undefined) return
    const when = { at, occurredAt, toldAt, learntFrom }
    const fields: PartialRow<Rows[Name]> = decoders[name](object)
    const id = idOf(rows, fields, object, namesakes, { type, at })
    if (id === undefined) return
    if (type === 'DELETE') {
      rows.applyDelete(id, when)
      return
    }
    // An object that is not here though all were read must have been created since.
    const mayCreate = type === 'CREATE' || (rows.whole ?? Infinity) < at
    const created = mayCreate ? wholeRow(name, fields) : undefined
    rows.applyChange(id, fields, when, created)
  }

  return change => follow(change.collection, change)
}

/**
 * The row that the object is. Of an extension, webhooks send the id of the browser's store: it is one of our rows only
 * where that employee has it once.
 */
const idOf = <Name extends CollectionName>(
  rows: Table<Name>,
  partial: PartialRow<Rows[Name]>,
  object: unknown,
  namesakes: Namesakes,
  { type, at }: Pick<Change, 'type' | 'at'>,
): string | undefined => {
  const fields: Readonly<Record<string, unknown>> = partial
  const id = typeof fields['id'] === 'string' ? fields['id'] : undefined
  const { namedBy } = collections[rows.collection].webhook
  if (namedBy === undefined || id === undefined || namedBy.field in fields) return id
  const owner = fields[namedBy.within] ?? embeddedEmployeeId(object)
  const [only, ...others] = rows
    .by(namedBy.field, id)
    .filter(row => fieldOf(row, namedBy.within) === owner)
  const name = `${String(owner)} ${id}`
  // What comes is another one than the row that is here of that name, though it is not here itself.
  if (type === 'CREATE' && only !== undefined) namesakes.came(rows, name, at)
  return others.length === 0 && !namesakes.mayBe(rows, name) ? only?.id : undefined
}

interface Namesakes {
  /** One of that name came, which has no row here yet (milliseconds). */
  came(rows: Table, name: string, at: number): void
  /** Whether an object that has no row here may have that name. */
  mayBe(rows: Table, name: string): boolean
}

/** Objects of one name, of which some may have no row: until all are read, nobody can tell which of them is meant. */
const createNamesakes = (): Namesakes => {
  const cameAt = new WeakMap<Table, Map<string, number>>()
  return {
    came: (rows, name, at) => {
      const known = cameAt.get(rows) ?? new Map<string, number>()
      setBounded(known, name, at)
      cameAt.set(rows, known)
    },
    mayBe: (rows, name) => (cameAt.get(rows)?.get(name) ?? -Infinity) >= (wholeReadAt(rows) ?? 0),
  }
}

const embeddedEmployeeId = (object: unknown): unknown =>
  (object as { readonly employee?: { readonly id?: unknown } | null }).employee?.id

/** The whole row, where nothing is missing that each object has. */
export const wholeRow = <Name extends CollectionName>(
  name: Name,
  partial: PartialRow<Rows[Name]>,
): Rows[Name] | undefined => {
  const fields = Object.entries(
    collections[name].fields as Readonly<Record<string, { required: boolean }>>,
  )
  const values: Readonly<Record<string, unknown>> = partial
  if (fields.some(([field, { required }]) => required && !(field in values))) return undefined
  return Object.fromEntries(
    fields.map(([field]) => [field, values[field] ?? null]),
  ) as unknown as Rows[Name]
}
