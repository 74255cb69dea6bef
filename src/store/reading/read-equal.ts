/**
 * Reading the rows of one value by a parameter of Push. The answer itself shows whether the parameter filters: a row
 * of another value means that it does not, and the caller must scan.
 */
import type { Clock } from '../../model/clock.ts'
import { collections } from '../../model/collections.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Call, Client } from '../../upstream/contract/contract.ts'
import { forget, readPart } from './read-part.ts'
import type { Table } from '../table/table.ts'
import { createTrials } from './first-use.ts'
import { parameterFact } from '../../upstream/contract/capabilities.ts'
import { fieldOf } from '../../model/values.ts'

/** Reads the rows of one value. */
export interface SliceReader {
  /** Reads the rows whose field has that value into the table. `unavailable`: Push does not filter by it. */
  readSlice(
    name: CollectionName,
    field: string,
    value: string,
    call: Call,
  ): Promise<'read' | 'unavailable'>
  /** Whether Push filters by that field: known, known not to, or still to be tried (`undefined`). */
  bySlice(name: CollectionName, field: string): boolean | undefined
}

export interface SliceOptions {
  readonly client: Client
  readonly table: <Name extends CollectionName>(name: Name) => Table<Name>
  readonly clock: Clock
}

export const createSliceReader = ({ client, table, clock }: SliceOptions): SliceReader => {
  const trials = createTrials()

  const bySlice = (name: CollectionName, field: string): boolean | undefined => {
    const parameter = parameterOf(name, field)
    if (parameter === undefined) return false
    const verdict = client.facts.get(parameterFact(name, parameter))
    return verdict === undefined ? undefined : verdict === 'filters'
  }

  const readSlice: SliceReader['readSlice'] = (name, field, value, call) => {
    const since = clock.now()
    const isOpen = (): boolean => bySlice(name, field) === undefined
    const mayWait = isOpen()
    return trials.run(`${name} ${field}`, isOpen, async () => {
      const parameter = parameterOf(name, field)
      if (parameter === undefined || bySlice(name, field) === false) return 'unavailable'
      const rows = table(name)
      // While this waited, the one who tried may have asked for the same.
      if (mayWait && (rows.slice(field, value) ?? 0) >= since) return 'read'
      const belongs = (row: object): boolean => String(fieldOf(row, field)) === value
      const part = await readPart(client, { table: rows, parameter, value, belongs, call })
      if (part === undefined) return 'unavailable'
      forget(rows, rows.by(field, value), part.asOf)
      rows.cover(field, value, part.asOf, part.unreadable)
      return 'read'
    })
  }

  return { readSlice, bySlice }
}

/** The parameter that asks for just the rows of one value; undefined where Push has none. */
const parameterOf = (name: CollectionName, field: string): string | undefined =>
  collections[name].pushdown.find(
    push => push.field === field && push.strength === 'exact' && push.trusted,
  )?.parameter
