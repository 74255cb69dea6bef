/**
 * Reading fewer rows than all by a parameter that may bring too many. Push's bound may or may not be included, and
 * its comparison of addresses may mind letter case: what is asked for is wide enough for every reading, and a
 * parameter that turns out not to narrow is not used again.
 */
import { UpstreamRefusedError } from '../errors.ts'
import type { Clock } from '../model/clock.ts'
import { collections } from '../model/collections.ts'
import type { CollectionName, Row } from '../model/rows.ts'
import type { Call, Client } from '../upstream/contract.ts'
import type { ConnectorStore } from './store.ts'
import type { Table } from './table.ts'

export interface NarrowOptions {
  readonly client: Client
  readonly table: <Name extends CollectionName>(name: Name) => Table<Name>
  readonly clock: Clock
  /** A row of the collection as Push has it now; undefined where it is empty. */
  readonly anyRow: (name: CollectionName, call: Call) => Promise<Row | undefined>
}

/** Bounds may be included or not, and may be off by one. */
const BOUND_SLACK_S = 2

export const createNarrowReader = (
  options: NarrowOptions,
): Pick<ConnectorStore, 'readAfter' | 'readEmail' | 'byParameter'> => {
  const { client, table, clock } = options
  const trials = new Map<CollectionName, Promise<boolean>>()

  const byParameter = (name: CollectionName, field: string): boolean | undefined => {
    const parameter = parameterOf(name, field)
    if (parameter === undefined) return false
    const verdict = client.facts.get(factOf(name, parameter))
    if (verdict !== undefined && verdict !== 'filters') return false
    if (field !== 'email') return verdict === undefined ? undefined : true
    const letters = client.facts.get(caseFact(name))
    return letters === undefined ? undefined : letters === 'ignored'
  }

  /** All pages with that parameter; `unavailable` as soon as a row shows that it does not narrow. */
  const read = async (
    name: CollectionName,
    field: string,
    value: string,
    belongs: (row: Row) => boolean,
    call: Call,
  ): Promise<'read' | 'unavailable'> => {
    const parameter = parameterOf(name, field)
    if (parameter === undefined) return 'unavailable'
    const fact = factOf(name, parameter)
    let nextToken: string | undefined
    do {
      const page = await client
        .page(
          name,
          { parameters: { [parameter]: value }, ...(nextToken === undefined ? {} : { nextToken }) },
          call,
        )
        .catch((error: unknown) => {
          if (!(error instanceof UpstreamRefusedError) || client.facts.get(fact) !== undefined)
            throw error
          client.facts.set(fact, 'refused')
          return undefined
        })
      if (page === undefined) return 'unavailable'
      for (const row of page.rows) table(name).put(row, page.readAt)
      if (!page.rows.every(belongs)) {
        client.facts.set(fact, 'ignored')
        return 'unavailable'
      }
      if (page.rows.length > 0) client.facts.set(fact, 'filters')
      nextToken = page.nextToken
    } while (nextToken !== undefined)
    return 'read'
  }

  const readAfter: ConnectorStore['readAfter'] = async (name, field, seconds, call) => {
    const asOf = clock.now()
    const bound = Math.floor(seconds) - BOUND_SLACK_S
    const timeOf = (row: Row): number => {
      const value = valueOf(row, field)
      return typeof value === 'number' ? value : -Infinity
    }
    const outcome = await read(
      name,
      field,
      String(bound),
      row => timeOf(row) >= bound - BOUND_SLACK_S,
      call,
    )
    if (outcome === 'unavailable') return outcome
    const rows = table(name)
    forget(
      rows,
      [...rows.values()].filter(row => timeOf(row) > seconds),
      asOf,
    )
    rows.coverAfter(field, seconds, asOf)
    return outcome
  }

  /** Whether Push finds an address in other letters: asked once, with an address that is there. */
  const learnCase = async (name: CollectionName, call: Call): Promise<boolean> => {
    const known = await options.anyRow(name, call)
    const address = known === undefined ? undefined : valueOf(known, 'email')
    if (known === undefined || typeof address !== 'string') return false
    const other = address === address.toUpperCase() ? address.toLowerCase() : address.toUpperCase()
    const parameter = parameterOf(name, 'email') ?? 'email'
    const page = await client.page(name, { parameters: { [parameter]: other } }, call)
    const found = page.rows.some(({ id }) => id === known.id)
    const narrows = page.rows.every(row => holds(row, 'email', address))
    if (!narrows) client.facts.set(factOf(name, parameter), 'ignored')
    client.facts.set(caseFact(name), found ? 'ignored' : 'minded')
    return found && narrows
  }

  const readEmail: ConnectorStore['readEmail'] = async (name, field, address, call) => {
    if (byParameter(name, field) === undefined) {
      const trial = trials.get(name) ?? learnCase(name, call)
      trials.set(name, trial)
      try {
        await trial
      } finally {
        trials.delete(name)
      }
    }
    if (byParameter(name, field) !== true) return 'unavailable'
    const asOf = clock.now()
    const outcome = await read(name, field, address, row => holds(row, field, address), call)
    if (outcome === 'unavailable') return outcome
    const rows = table(name)
    forget(
      rows,
      [...rows.values()].filter(row => isAddress(row, field, address)),
      asOf,
    )
    rows.cover(`${field} folded`, address, asOf)
    return outcome
  }

  return { readAfter, readEmail, byParameter }
}

/** The parameter that narrows by that field; undefined where Push has none. */
const parameterOf = (name: CollectionName, field: string): string | undefined =>
  collections[name].pushdown.find(
    push =>
      push.field === field &&
      push.strength === 'narrow' &&
      push.trusted &&
      (push.operator === 'gt' || push.operator === 'eq'),
  )?.parameter

const factOf = (name: CollectionName, parameter: string): string => `${name} ${parameter}`

const caseFact = (name: CollectionName): string => `${name} email letter case`

const valueOf = (row: object, field: string): unknown => (row as Record<string, unknown>)[field]

const holds = (row: Row, field: string, part: string): boolean => {
  const value = valueOf(row, field)
  return typeof value === 'string' && value.toLowerCase().includes(part.toLowerCase())
}

const isAddress = (row: Row, field: string, address: string): boolean => {
  const value = valueOf(row, field)
  return typeof value === 'string' && value.toLowerCase() === address
}

/** Rows that should have come and did not: deleted, or changed so that they no longer belong. */
const forget = (rows: Table, expected: readonly Row[], asOf: number): void => {
  const gone = expected.filter(row => rows.readAt(row.id) < asOf)
  for (const row of gone) rows.remove(row.id)
  // One that changed would now be missing from what was known as the whole.
  if (gone.length > 0) rows.whole = undefined
}
