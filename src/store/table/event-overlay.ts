/**
 * What events changed of rows, field by field with its time, so that deliveries may come in any order, and so that a
 * page that was asked for before an event does not undo it.
 */
import type { LearntBy } from '../../model/row-changes.ts'
import { setBounded } from './bounded-map.ts'

/** When a change happened. Among events Push's clock decides, between an event and a read ours. */
export interface When {
  /** UNIX seconds, by Push's clock. Of two events with the same, the one that arrived later is the later one. */
  readonly occurredAt: number
  /** Milliseconds, by our clock. */
  readonly at: number
  /** When it became known here, the same for every process; `at` where absent. */
  readonly toldAt?: number
  /** What told of it; an event where absent. */
  readonly learntFrom?: LearntBy
}

export interface EventOverlay<R extends { readonly id: string }> {
  /** Takes in what an event changed; the fields of it that no later event has changed. */
  change(id: string, fields: Partial<R>, when: When): Partial<R>
  /** Takes in that the object was deleted; false where a later event has changed it. */
  delete(id: string, when: When): boolean
  /** Whether an event deleted the object later than that. */
  isDeletedSince(id: string, when: When): boolean
  /** The row as read at that time, with what was changed since. What was changed before is forgotten: the row has it. */
  applyTo(row: R, readAt: number): R
  /** When an event last changed that row (milliseconds, by our clock); 0 where none has. */
  changedAt(id: string): number
  /** When what was changed of that row last became known here, and what told of it; undefined where nothing was. */
  lastTold(id: string): Required<Pick<When, 'toldAt' | 'learntFrom'>> | undefined
  /** When the newest change that arrived before `at` happened, by Push's clock; -Infinity where none is known. */
  occurredBefore(id: string, at: number): number
  /** What seems to have been changed later counts as changed then. */
  notAfter(moment: number): void
}

interface ChangedField extends When {
  readonly value: unknown
}

/** Nothing is changed yet. */
export const createEventOverlay = <R extends { readonly id: string }>(): EventOverlay<R> => {
  // Those of the newest events: a scan that takes a minute is outrun by no more of them.
  const changes = new Map<string, Map<string, ChangedField>>()
  const deleted = new Map<string, When>()

  return {
    change: (id, fields, when) => {
      const known = changes.get(id) ?? new Map<string, ChangedField>()
      const newest = Object.entries(fields).filter(
        ([name]) => name !== 'id' && (known.get(name)?.occurredAt ?? -Infinity) <= when.occurredAt,
      )
      for (const [name, value] of newest) known.set(name, { value, ...when })
      setBounded(changes, id, known)
      return Object.fromEntries(newest) as Partial<R>
    },
    delete: (id, when) => {
      const known = [...(changes.get(id)?.values() ?? [])]
      if (known.some(({ occurredAt }) => occurredAt > when.occurredAt)) return false
      changes.delete(id)
      if ((deleted.get(id)?.occurredAt ?? -Infinity) < when.occurredAt)
        setBounded(deleted, id, when)
      return true
    },
    isDeletedSince: (id, { occurredAt }) => (deleted.get(id)?.occurredAt ?? -Infinity) > occurredAt,
    applyTo: (row, readAt) => {
      const known = changes.get(row.id)
      if (known === undefined) return row
      for (const [name, { at }] of known) if (at < readAt) known.delete(name)
      if (known.size === 0) changes.delete(row.id)
      const since = Object.fromEntries([...known].map(([name, { value }]) => [name, value]))
      return { ...row, ...since }
    },
    changedAt: id => {
      const known = changes.get(id)
      // Of most rows no event has told, and all are asked about when a list has been read.
      return known === undefined ? 0 : Math.max(0, ...known.values().map(({ at }) => at))
    },
    lastTold: id => {
      let last: { readonly toldAt: number; readonly learntFrom: LearntBy } | undefined
      for (const { at, toldAt = at, learntFrom = 'EVENT' } of changes.get(id)?.values() ?? [])
        if (last === undefined || toldAt > last.toldAt) last = { toldAt, learntFrom }
      return last
    },
    occurredBefore: (id, before) =>
      Math.max(
        -Infinity,
        ...[...(changes.get(id)?.values() ?? [])].map(({ at, occurredAt }) =>
          at < before ? occurredAt : -Infinity,
        ),
      ),
    notAfter: moment => {
      for (const known of [...changes.values(), deleted] as Map<string, When>[])
        for (const [key, when] of known) {
          const { at, toldAt = at } = when
          known.set(key, { ...when, at: Math.min(at, moment), toldAt: Math.min(toldAt, moment) })
        }
    },
  }
}
