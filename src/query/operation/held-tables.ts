/** The tables that an operation has looked at: they stay in memory until it is over. */
import type { Table } from '../../store/store.ts'

export interface HeldByOperation {
  hold(table: Table): void
  /** The operation is over; it holds nothing more. */
  release(): void
}

/** Nothing is held yet. */
export const createHeldTables = (): HeldByOperation => {
  let held: Set<Table> | undefined = new Set()

  return {
    hold: table => {
      if (held === undefined || held.has(table)) return
      held.add(table)
      table.users += 1
    },
    release: () => {
      for (const table of held ?? []) table.users -= 1
      held = undefined
    },
  }
}
