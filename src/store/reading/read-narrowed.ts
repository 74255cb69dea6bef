/**
 * Reading fewer rows than all by a parameter that may bring too many. Push's bound may or may not be included, and
 * its comparison of addresses may mind letter case: what is asked for is wide enough for every reading, and a
 * parameter that turns out not to narrow is not used again.
 */
import type { Clock } from '../../model/clock.ts'
import type { ByParameter } from '../../model/collection.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import type { Call, Client } from '../../upstream/contract/contract.ts'
import { forget, readPart } from './read-part.ts'
import type { Table } from '../table/table.ts'
import { createTrials } from './first-use.ts'
import { hasTwins } from './ambiguous-letters.ts'
import { emailCaseFact, parameterFact } from '../../upstream/contract/capabilities.ts'
import { fieldOf } from '../../model/values.ts'

/** Reads the rows that a parameter narrows to. */
export interface ParameterReader {
  /** Reads the rows whose field is later than that moment (UNIX seconds) into the table. */
  readAfter(
    name: CollectionName,
    by: ByParameter,
    seconds: number,
    call: Call,
  ): Promise<'read' | 'unavailable'>
  /** Reads the rows of an address, in any letter case, into the table; `address` is in lower case. */
  readEmail(
    name: CollectionName,
    by: ByParameter,
    address: string,
    call: Call,
  ): Promise<'read' | 'unavailable'>
  /** Whether that parameter narrows without losing rows: known, known not to, or still to be tried. */
  byParameter(name: CollectionName, parameter: string): boolean | undefined
}

export interface NarrowOptions {
  readonly clock: Clock
  readonly client: Client
  readonly table: <Name extends CollectionName>(name: Name) => Table<Name>
  /** A row of the collection as Push has it now; undefined where it is empty. */
  readonly anyRow: (name: CollectionName, call: Call) => Promise<Row | undefined>
}

/** Bounds may be included or not, and may be off by one. */
const BOUND_SLACK_S = 2

export const createParameterReader = (options: NarrowOptions): ParameterReader => {
  const { client, table } = options
  const trials = createTrials(options.clock)

  const byParameter = (name: CollectionName, parameter: string): boolean | undefined => {
    const verdict = client.facts.get(parameterFact(name, parameter))
    if (verdict !== undefined && verdict !== 'filters') return false
    if (parameter !== 'email') return verdict === undefined ? undefined : true
    if (hasTwins(name, client.facts)) return false
    const letters = client.facts.get(emailCaseFact(name))
    return letters === undefined ? undefined : letters === 'ignored'
  }

  const readAfter: ParameterReader['readAfter'] = (name, { field, parameter }, seconds, call) => {
    const isOpen = (): boolean => byParameter(name, parameter) === undefined
    return trials.run(`${name} ${field}`, isOpen, async () => {
      if (byParameter(name, parameter) === false) return 'unavailable'
      const bound = Math.floor(seconds) - BOUND_SLACK_S
      const timeOf = (row: Row): number => {
        const value = fieldOf(row, field)
        return typeof value === 'number' ? value : -Infinity
      }
      const belongs = (row: Row): boolean => timeOf(row) >= bound - BOUND_SLACK_S
      const rows = table(name)
      const question = { table: rows, parameter, value: String(bound), belongs, call }
      const part = await readPart(client, question)
      if (part === undefined) return 'unavailable'
      const later = [...rows.values()].filter(row => timeOf(row) > seconds)
      forget(rows, later, part)
      rows.coverAfter(field, seconds, part.asOf, part.gaps)
      return 'read'
    })
  }

  /** Whether Push finds an address in other letters: asked once, with an address that is there. */
  const learnCase = async (name: CollectionName, parameter: string, call: Call): Promise<void> => {
    const known = await options.anyRow(name, call)
    const address = known === undefined ? undefined : fieldOf(known, 'email')
    if (known === undefined || typeof address !== 'string') return
    const other = address === address.toUpperCase() ? address.toLowerCase() : address.toUpperCase()
    // Without a letter that has a case nothing can be learnt.
    if (other === address) return
    const belongs = (row: Row): boolean => holds(row, 'email', address)
    const question = { table: table(name), parameter, value: other, belongs, call }
    const part = await readPart(client, question)
    if (part === undefined) return
    client.facts.set(emailCaseFact(name), part.hasMet(known.id) ? 'ignored' : 'minded')
  }

  const readEmail: ParameterReader['readEmail'] = (name, { field, parameter }, address, call) => {
    const isOpen = (): boolean => byParameter(name, parameter) === undefined
    return trials.run(`${name} ${field}`, isOpen, async () => {
      if (isOpen()) await learnCase(name, parameter, call)
      if (byParameter(name, parameter) !== true) return 'unavailable'
      const rows = table(name)
      const belongs = (row: Row): boolean => holds(row, field, address)
      const part = await readPart(client, { table: rows, parameter, value: address, belongs, call })
      if (part === undefined) return 'unavailable'
      const expected = [...rows.values()].filter(row => isAddress(row, field, address))
      forget(rows, expected, part)
      rows.cover(`${field} folded`, address, part.asOf, part.gaps)
      return 'read'
    })
  }

  return { readAfter, readEmail, byParameter }
}

const holds = (row: Row, field: string, part: string): boolean => {
  const value = fieldOf(row, field)
  return typeof value === 'string' && value.toLowerCase().includes(part.toLowerCase())
}

const isAddress = (row: Row, field: string, address: string): boolean => {
  const value = fieldOf(row, field)
  return typeof value === 'string' && value.toLowerCase() === address
}
