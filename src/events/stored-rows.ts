/** Rows of the stored lists as their columns hold them, by whatever keeps them. */
import { LimitError } from '../errors.ts'
import { fieldsOf, type StoredName, storedNames } from '../model/stored.ts'
import type { Value } from './queries.ts'
import { columnOf } from './schema.ts'

/** The columns of the table that a row of the list is made of. */
export const columnsOf = (list: StoredName): readonly string[] => [
  'sequence',
  'connector',
  ...Object.keys(fieldsOf(list)).map(columnOf),
  ...(list === 'events' ? ['browser_id', 'app_type', 'inferred'] : []),
  ...(list === 'changes' ? ['old_value', 'new_value'] : []),
]

/** The fields of each list with their columns. */
const fields = new Map(
  storedNames.map(list => [
    list,
    Object.entries(fieldsOf(list)).map(([name, { kind }]) => ({
      name,
      column: columnOf(name),
      isBoolean: kind === 'boolean',
    })),
  ]),
)

/** Bytes of bodies that are read at once. */
export const MOST_BYTES = 128 * 1_048_576

/** Why so many events are not read at once. */
export const tooManyBytes = (events: number, bytes: number, mostBytes: number): LimitError =>
  new LimitError(
    `These ${events} events have ${bytes} bytes, and at most ${mostBytes} are read at once: ask for fewer with "first"`,
    { limit: 'event bytes', value: bytes, max: mostBytes },
  )

/** The row of the list that these columns hold, by their names, with its body where it is an event. */
export const toRow = (
  list: StoredName,
  columns: Readonly<Record<string, unknown>>,
  bodies: ReadonlyMap<unknown, string> | undefined,
): object => {
  const row: Record<string, unknown> = {}
  for (const { name, column, isBoolean } of fields.get(list) ?? []) {
    const value = toValue(columns[column])
    row[name] = isBoolean && value !== null ? value === 1 : value
  }
  return {
    ...row,
    ...(list === 'changes'
      ? {
          sequence: Number(columns['sequence']),
          connector: columns['connector'],
          receivedAt: toValue(columns['at']),
          old: jsonIn(columns['old_value']),
          new: jsonIn(columns['new_value']),
        }
      : {}),
    ...(bodies === undefined
      ? {}
      : {
          sequence: Number(columns['sequence']),
          connector: columns['connector'],
          browserId: columns['browser_id'],
          appType: columns['app_type'],
          inferred: wordsIn(columns['inferred']),
          body: bodies.get(columns['sequence']) ?? '{}',
        }),
  }
}

const jsonIn = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : null)

const wordsIn = (value: unknown): readonly string[] =>
  typeof value === 'string' ? value.split(' ') : none

const none: readonly string[] = []

const toValue = (value: unknown): Value =>
  typeof value === 'string' || typeof value === 'number' ? value : null
