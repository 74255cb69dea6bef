/**
 * Reading one object by its id. Nobody outside knows whether every collection can be read like that, so the first use
 * is checked: a refusal counts as "no such object" only once the API has answered by id for an object that exists.
 */
import type { CollectionName } from '../model/rows.ts'
import type { Call, Client } from '../upstream/contract.ts'
import type { ConnectorStore } from './store.ts'
import type { Table } from './table.ts'

export interface ByIdOptions {
  readonly client: Client
  readonly table: <Name extends CollectionName>(name: Name) => Table<Name>
  /** The id of an object that exists; undefined when the collection is empty. */
  readonly anyRow: (name: CollectionName, call: Call) => Promise<string | undefined>
}

const factOf = (name: CollectionName): string => `byId ${name}`

export const createByIdReader = (
  options: ByIdOptions,
): Pick<ConnectorStore, 'readOne' | 'byId'> => {
  const { client, table } = options
  // The first use of each collection; the others wait for what it learns instead of repeating its mistake.
  const trials = new Map<CollectionName, Promise<unknown>>()

  const byId = (name: CollectionName): boolean | undefined => {
    const verdict = client.facts.get(factOf(name))
    return verdict === undefined ? undefined : verdict === 'works'
  }

  const lookUp = async <Name extends CollectionName>(name: Name, id: string, call: Call) => {
    const found = await client.one(name, id, call)
    if (found.kind === 'row') {
      client.facts.set(factOf(name), 'works')
      table(name).put(found.row, found.readAt, true)
    }
    return found
  }

  /** Whether a refusal for one id says something about that id, or about all. */
  const probe = async (name: CollectionName, refused: string, call: Call): Promise<boolean> => {
    const known = await options.anyRow(name, call)
    // An empty collection has no object of any id; that teaches nothing about the API.
    if (known === undefined || known === refused) return known === undefined
    const found = await lookUp(name, known, call)
    if (found.kind === 'absent') client.facts.set(factOf(name), 'no')
    return found.kind === 'row'
  }

  const readOne: ConnectorStore['readOne'] = async (name, id, call) => {
    while (byId(name) === undefined && trials.has(name)) await trials.get(name)
    if (byId(name) === false) return 'unavailable'
    const read = async () => {
      const found = await lookUp(name, id, call)
      if (found.kind === 'row') return found.row
      if (byId(name) === undefined && !(await probe(name, id, call))) return 'unavailable' as const
      const rows = table(name)
      if (rows.readAt(id) <= found.readAt) rows.remove(id)
      rows.missing(id, found.readAt)
      return null
    }
    if (byId(name) !== undefined) return read()
    const trial = read()
    trials.set(
      name,
      trial.catch(() => undefined),
    )
    try {
      return await trial
    } finally {
      trials.delete(name)
    }
  }

  return { readOne, byId }
}
