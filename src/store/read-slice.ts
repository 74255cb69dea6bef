/**
 * Reading the rows of one value by a parameter of Push. The answer itself shows whether the parameter filters: a row
 * of another value means that it does not, and the caller must scan.
 */
import { UpstreamRefusedError } from '../errors.ts'
import type { Clock } from '../model/clock.ts'
import { collections } from '../model/collections.ts'
import type { CollectionName } from '../model/rows.ts'
import type { Call, Client } from '../upstream/contract.ts'
import type { ConnectorStore } from './store.ts'
import type { Table } from './table.ts'

export interface SliceOptions {
  readonly client: Client
  readonly table: <Name extends CollectionName>(name: Name) => Table<Name>
  readonly clock: Clock
}

export const createSliceReader = ({
  client,
  table,
  clock,
}: SliceOptions): Pick<ConnectorStore, 'readSlice' | 'bySlice'> => {
  // The first use of each parameter; the others wait for what it learns.
  const trials = new Map<string, Promise<unknown>>()

  const bySlice = (name: CollectionName, field: string): boolean | undefined => {
    const parameter = parameterOf(name, field)
    if (parameter === undefined) return false
    const verdict = client.facts.get(factOf(name, parameter))
    return verdict === undefined ? undefined : verdict === 'filters'
  }

  const read = async (
    name: CollectionName,
    field: string,
    value: string,
    call: Call,
  ): Promise<'read' | 'unavailable'> => {
    const parameter = parameterOf(name, field)
    if (parameter === undefined) return 'unavailable'
    const rows = table(name)
    const asOf = clock.now()
    let nextToken: string | undefined
    do {
      const page = await client.page(
        name,
        { parameters: { [parameter]: value }, ...(nextToken === undefined ? {} : { nextToken }) },
        call,
      )
      for (const row of page.rows) rows.put(row, page.readAt)
      const matching = page.rows.filter(row => valueOf(row, field) === value).length
      if (matching < page.rows.length) {
        client.facts.set(factOf(name, parameter), 'ignored')
        return 'unavailable'
      }
      if (matching > 0) client.facts.set(factOf(name, parameter), 'filters')
      nextToken = page.nextToken
    } while (nextToken !== undefined)
    forgetOthers(rows, field, value, asOf)
    rows.cover(field, value, asOf)
    return 'read'
  }

  const readSlice: ConnectorStore['readSlice'] = async (name, field, value, call) => {
    const key = `${name} ${field}`
    while (bySlice(name, field) === undefined && trials.has(key)) await trials.get(key)
    if (bySlice(name, field) === false) return 'unavailable'
    const known = bySlice(name, field) !== undefined
    const reading = read(name, field, value, call).catch((error: unknown) => {
      if (!(error instanceof UpstreamRefusedError) || known) throw error
      // Refused with this parameter at its first use: this API does not know it.
      client.facts.set(factOf(name, parameterOf(name, field) ?? field), 'refused')
      return 'unavailable' as const
    })
    if (known) return reading
    trials.set(
      key,
      reading.catch(() => undefined),
    )
    try {
      return await reading
    } finally {
      trials.delete(key)
    }
  }

  return { readSlice, bySlice }
}

/** The parameter that asks for just the rows of one value; undefined where Push has none. */
const parameterOf = (name: CollectionName, field: string): string | undefined =>
  collections[name].pushdown.find(
    push => push.field === field && push.strength === 'exact' && push.trusted,
  )?.parameter

const factOf = (name: CollectionName, parameter: string): string => `${name} ${parameter}`

const valueOf = (row: object, field: string): unknown => (row as Record<string, unknown>)[field]

/** Rows that the table had under that value and Push no longer shows there: deleted, or moved to another value. */
const forgetOthers = (rows: Table, field: string, value: string, asOf: number): void => {
  const gone = rows.by(field, value).filter(row => rows.readAt(row.id) < asOf)
  for (const row of gone) rows.remove(row.id)
  // One that moved would now be missing from what was known as the whole.
  if (gone.length > 0) rows.whole = undefined
}
