/**
 * Reading the rows of one value by a parameter of Push. The answer itself shows whether the parameter filters: a row
 * of another value means that it does not, and the caller must scan.
 */
import type { Clock } from '../../model/clock.ts'
import type { ByParameter } from '../../model/collection.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Call, Client } from '../../upstream/contract/contract.ts'
import { forget, readPart } from './read-part.ts'
import type { Table } from '../table/table.ts'
import { createTrials } from './first-use.ts'
import { parameterFact } from '../../upstream/contract/capabilities.ts'
import { fieldOf } from '../../model/values.ts'

/** Reads the rows of one value. */
export interface SliceReader {
  /** Reads the rows whose field has that value into the table. `unavailable`: the parameter does not filter. */
  readSlice(
    name: CollectionName,
    by: ByParameter,
    value: string,
    call: Call,
  ): Promise<'read' | 'unavailable'>
  /** Whether that parameter filters: known, known not to, or still to be tried (`undefined`). */
  bySlice(name: CollectionName, parameter: string): boolean | undefined
}

export interface SliceOptions {
  readonly client: Client
  readonly table: <Name extends CollectionName>(name: Name) => Table<Name>
  readonly clock: Clock
}

export const createSliceReader = ({ client, table, clock }: SliceOptions): SliceReader => {
  const trials = createTrials(clock)

  const bySlice = (name: CollectionName, parameter: string): boolean | undefined => {
    const verdict = client.facts.get(parameterFact(name, parameter))
    return verdict === undefined ? undefined : verdict === 'filters'
  }

  const readSlice: SliceReader['readSlice'] = (name, { field, parameter }, value, call) => {
    const isOpen = (): boolean => bySlice(name, parameter) === undefined
    const mayWait = isOpen()
    return trials.run(`${name} ${field}`, isOpen, async since => {
      if (bySlice(name, parameter) === false) return 'unavailable'
      const rows = table(name)
      // While this waited, the one who tried may have asked for the same.
      if (mayWait && (rows.slice(field, value) ?? 0) >= since) return 'read'
      const belongs = (row: object): boolean => String(fieldOf(row, field)) === value
      const part = await readPart(client, { table: rows, parameter, value, belongs, call })
      if (part === undefined) return 'unavailable'
      forget(rows, rows.by(field, value), part)
      rows.cover(field, value, part.asOf, part.gaps)
      return 'read'
    })
  }

  return { readSlice, bySlice }
}
