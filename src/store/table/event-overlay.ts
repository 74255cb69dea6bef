/**
 * What events have told of rows, field by field with its time, so that deliveries may come in any order, and so that a
 * page that was asked for before an event does not undo it.
 */
import { remember } from './bounded-map.ts'

/** When a change happened. Among events Push's clock decides, between an event and a read ours. */
export interface When {
  /** UNIX seconds, by Push's clock. Of two events with the same, the one that arrived later is the later one. */
  readonly occurredAt: number
  /** Milliseconds, by our clock. */
  readonly at: number
}

export interface EventOverlay<R extends { readonly id: string }> {
  /** Remembers what an event told; the fields of it that no later event has told of. */
  note(id: string, fields: Partial<R>, when: When): Partial<R>
  /** Remembers that the object has gone; false where a later event has told of it. */
  noteGone(id: string, when: When): boolean
  /** Whether an event told that the object went later than that. */
  hasGoneSince(id: string, when: When): boolean
  /** The row as read at that time, with what was told since. What was told before is forgotten: the row has it. */
  over(row: R, readAt: number): R
  /** When an event last told of that row (milliseconds, by our clock); 0 where none has. */
  latest(id: string): number
  /** What seems to have been told later counts as told then. */
  notAfter(moment: number): void
}

interface ToldField extends When {
  readonly value: unknown
}

export const createEventOverlay = <R extends { readonly id: string }>(): EventOverlay<R> => {
  // Those of the newest events: a scan that takes a minute is outrun by no more of them.
  const told = new Map<string, Map<string, ToldField>>()
  const gone = new Map<string, When>()

  return {
    note: (id, fields, when) => {
      const known = told.get(id) ?? new Map<string, ToldField>()
      const newest = Object.entries(fields).filter(
        ([name]) => name !== 'id' && (known.get(name)?.occurredAt ?? -Infinity) <= when.occurredAt,
      )
      for (const [name, value] of newest) known.set(name, { value, ...when })
      remember(told, id, known)
      return Object.fromEntries(newest) as Partial<R>
    },
    noteGone: (id, when) => {
      const known = [...(told.get(id)?.values() ?? [])]
      if (known.some(({ occurredAt }) => occurredAt > when.occurredAt)) return false
      told.delete(id)
      if ((gone.get(id)?.occurredAt ?? -Infinity) < when.occurredAt) remember(gone, id, when)
      return true
    },
    hasGoneSince: (id, { occurredAt }) => (gone.get(id)?.occurredAt ?? -Infinity) > occurredAt,
    over: (row, readAt) => {
      const known = told.get(row.id)
      if (known === undefined) return row
      for (const [name, { at }] of known) if (at < readAt) known.delete(name)
      if (known.size === 0) told.delete(row.id)
      const since = Object.fromEntries([...known].map(([name, { value }]) => [name, value]))
      return { ...row, ...since }
    },
    notAfter: moment => {
      for (const known of [...told.values(), gone] as Map<string, When>[])
        for (const [key, when] of known) known.set(key, { ...when, at: Math.min(when.at, moment) })
    },
    latest: id => Math.max(0, ...(told.get(id)?.values() ?? []).map(({ at }) => at)),
  }
}
