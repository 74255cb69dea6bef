/**
 * Reading one object by its id. Nobody outside knows whether every collection can be read like that, so the first use
 * is checked: a refusal counts as "no such object" only once the API has answered by id for an object that exists.
 */
import { UpstreamRefusedError } from '../../errors.ts'
import type { Clock } from '../../model/clock.ts'
import type { CollectionName, Rows } from '../../model/rows.ts'
import type { Call, Client, Lookup } from '../../upstream/contract/contract.ts'
import type { Table } from '../table/table.ts'
import { createTrials } from './first-use.ts'
import { wholeReadAt } from '../table/coverage.ts'
import { byIdFact } from '../../upstream/contract/capabilities.ts'

/** Reads single objects. */
export interface ByIdReader {
  /** Reads one object. `unavailable`: this API does not answer by id, the caller must scan. */
  readOne<Name extends CollectionName>(
    name: Name,
    id: string,
    call: Call,
  ): Promise<Rows[Name] | null | 'unavailable'>
  /** Whether reading by id is known to work, known not to, or still to be tried. */
  byId(name: CollectionName): boolean | undefined
}

export interface ByIdOptions {
  readonly client: Client
  readonly table: <Name extends CollectionName>(name: Name) => Table<Name>
  readonly clock: Clock
  /** An object that exists at this time; undefined when the collection is empty. */
  readonly anyRow: (
    name: CollectionName,
    call: Call,
  ) => Promise<{ readonly id: string } | undefined>
}

/** The moment of the newest that is known of that object, or of its absence. */
const knownAt = (rows: Table, id: string): number =>
  Math.max(
    rows.readAt(id),
    rows.absent(id) ?? 0,
    rows.get(id) === undefined ? (rows.whole ?? 0) : 0,
  )

export const createByIdReader = (options: ByIdOptions): ByIdReader => {
  const { client, table, clock } = options
  const trials = createTrials(clock)

  const byId = (name: CollectionName): boolean | undefined => {
    const verdict = client.facts.get(byIdFact(name))
    return verdict === undefined ? undefined : verdict === 'works'
  }

  const lookUp = async <Name extends CollectionName>(
    name: Name,
    id: string,
    call: Call,
  ): Promise<Lookup<Name>> => {
    const { notBefore } = call
    const since = notBefore && Math.max(notBefore, knownAt(table(name), id))
    const found = await client.one(name, id, { ...call, notBefore: since })
    if (found.kind === 'row') {
      if (byId(name) !== true) client.facts.set(byIdFact(name), 'works')
      table(name).put(found.row, found.readAt, true)
    }
    return found
  }

  /** Whether the API answers by id at all, which the refusal of one id does not say. */
  const probe = async (name: CollectionName, refused: string, call: Call): Promise<boolean> => {
    const known = await options.anyRow(name, call)
    // An empty collection has no object of any id; that teaches nothing about the API.
    if (known === undefined) return true
    const works = known.id !== refused && (await lookUp(name, known.id, call)).kind === 'row'
    if (!works) client.facts.set(byIdFact(name), 'no')
    return works
  }

  const read = async <Name extends CollectionName>(
    name: Name,
    id: string,
    call: Call,
  ): Promise<Rows[Name] | null | 'unavailable'> => {
    const found = await lookUp(name, id, call)
    if (found.kind === 'row') {
      const rows = table(name)
      // An event may have told of it since it was asked for.
      return rows.get(id) ?? ((rows.absent(id) ?? 0) > found.readAt ? null : found.row)
    }
    if (byId(name) === undefined && !(await probe(name, id, call))) return 'unavailable'
    // An API that answers by id does not say "forbidden" of an object that is not there.
    if (byId(name) === true && found.status === 403)
      throw new UpstreamRefusedError(`Push does not let this key read ${name}`, 403)
    const rows = table(name)
    if (rows.readAt(id) <= found.readAt) rows.remove(id, found.readAt)
    rows.missing(id, found.readAt)
    return null
  }

  const readOne: ByIdReader['readOne'] = async <Name extends CollectionName>(
    name: Name,
    id: string,
    call: Call,
  ) => {
    const isOpen = (): boolean => byId(name) === undefined
    const mayWait = isOpen()
    return trials.run(name, isOpen, async since => {
      if (byId(name) === false) return 'unavailable'
      if (!mayWait) return read(name, id, call)
      // While this waited, the one who tried may have asked for the same, or have read all to find something to try.
      const rows = table(name)
      const row = rows.detailedAt(id) >= since ? rows.get(id) : undefined
      if (row !== undefined) return row
      const isEmpty = (wholeReadAt(rows) ?? 0) >= since && rows.get(id) === undefined
      if (isEmpty || (rows.absent(id) ?? 0) >= since) return null
      return read(name, id, call)
    })
  }

  return { readOne, byId }
}
