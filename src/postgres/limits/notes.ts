/**
 * What is known of each key by name, in a table that all replicas share, as it stands in the memory of this one: read at
 * once, written behind. What could not be written yet counts here all the same.
 */
import type { DatabaseRow } from '../connecting/pools.ts'

export interface Note<Value> {
  readonly value: Value
  /** When it held, by the database's time (ms). */
  readonly at: number
}

export interface NoteTable<Value> {
  /** Every note about `id`, by name. */
  of(id: string): ReadonlyMap<string, Note<Value>>
  set(id: string, name: string, note: Note<Value>): void
  /** Reads what changed since; with undefined, all. */
  refresh(ask: AskDatabase, since: number | undefined): Promise<void>
  /** Writes what was not written yet; what cannot be written now stays to be written. */
  write(ask: AskDatabase): Promise<void>
}

export type AskDatabase = (
  sql: string,
  values: readonly unknown[],
) => Promise<readonly DatabaseRow[]>

export interface NoteTableOptions<Value> {
  readonly table: 'key_fact' | 'key_measure' | 'key_seen'
  readonly type: 'text' | 'float8'
  readonly read: (value: unknown) => Value
  /** So many of each id are remembered, the newest. */
  readonly most?: number
  /** So many are read at first, the newest. */
  readonly firstMost?: number
}

interface Unwritten<Value> extends Note<Value> {
  readonly id: string
  readonly name: string
}

export const createNoteTable = <Value>({
  table,
  type,
  read,
  most = Infinity,
  firstMost,
}: NoteTableOptions<Value>): NoteTable<Value> => {
  const notes = new Map<string, Map<string, Note<Value>>>()
  let unwritten = new Map<string, Unwritten<Value>>()
  const keyOf = (id: string, name: string): string => `${id} ${name}`

  const put = (id: string, name: string, note: Note<Value>): void => {
    const known = notes.get(id) ?? new Map<string, Note<Value>>()
    notes.set(id, known)
    known.delete(name)
    known.set(name, note)
    const [oldest] = known.keys()
    if (known.size > most && oldest !== undefined) known.delete(oldest)
  }

  const columns = `SELECT id, name, value, at FROM ${table}`
  const first = firstMost === undefined ? columns : `${columns} ORDER BY at DESC LIMIT ${firstMost}`
  // Ordered, so that two replicas that write the same never wait for each other in a circle. What was noted later stays,
  // unless it was by a clock that has been set back since.
  const upsert = `INSERT INTO ${table} AS kept (id, name, value, at, changed_at)
    SELECT id, name, value, at, ms() FROM unnest($1::text[], $2::text[], $3::${type}[], $4::float8[]) AS x(id, name, value, at)
    ORDER BY id, name
    ON CONFLICT (id, name) DO UPDATE SET value = EXCLUDED.value, at = EXCLUDED.at, changed_at = ms()
      WHERE kept.at <= EXCLUDED.at OR kept.at > ms()`

  return {
    of: id => notes.get(id) ?? new Map(),
    set: (id, name, note) => {
      put(id, name, note)
      unwritten.set(keyOf(id, name), { id, name, ...note })
    },
    refresh: async (ask, since) => {
      const rows =
        since === undefined
          ? [...(await ask(first, []))].reverse()
          : await ask(`${columns} WHERE changed_at > $1 ORDER BY at`, [since])
      for (const { id, name, value, at } of rows)
        if (!unwritten.has(keyOf(String(id), String(name))))
          put(String(id), String(name), { value: read(value), at: Number(at) })
    },
    write: async ask => {
      if (unwritten.size === 0) return
      const written = [...unwritten.values()]
      const before = unwritten
      unwritten = new Map()
      try {
        await ask(upsert, [
          written.map(({ id }) => id),
          written.map(({ name }) => name),
          written.map(({ value }) => value),
          written.map(({ at }) => at),
        ])
      } catch (error) {
        // What was noted meanwhile is newer.
        unwritten = new Map([...before, ...unwritten])
        throw error
      }
    },
  }
}
