/** Callers who always want more of Push than a key has: each asks a replica for one account that nobody has read, and again. */
import { setTimeout as pause } from 'node:timers/promises'
import { ask } from '../../processes/product.ts'
import type { SimulatedPush } from '../push/push.ts'
import type { Replica } from '../surroundings.ts'

export interface Busy {
  /** Whoever asks that replica stops; it is about to be killed. */
  readonly leave: (replica: Replica) => void
  /** Nobody asks any more; resolves once what was asked is answered. */
  readonly end: () => Promise<void>
}

/** Of each key, at each replica. */
const CALLERS = 3
/** Whoever is refused asks again so much later. */
const AGAIN_MS = 200

/** What callers need that nobody has asked for: neither rate nor places of theirs are what is measured. */
export const roomForCallers = {
  PUSHGRAPH_MAX_OPERATIONS: '10000',
  PUSHGRAPH_MAX_OPERATIONS_ALL: '10000',
  PUSHGRAPH_MAX_SOCKETS: '100000',
  PUSHGRAPH_MAX_CALLER_RATE: '1000000',
  PUSHGRAPH_MAX_CALLER_RATE_ALL: '1000000',
  PUSHGRAPH_MAX_WAIT_MS: '120000',
}

/** Keeps all connectors busy at those replicas. */
export const keepBusy = (
  replicas: readonly Replica[],
  { accounts, aliases }: Pick<SimulatedPush, 'accounts' | 'aliases'>,
): Busy => {
  const next = new Map(aliases.map(alias => [alias, 0]))
  const left = new Set<Replica>()
  let isOver = false

  const idOf = (alias: string): string => {
    const nth = next.get(alias) ?? 0
    next.set(alias, nth + 1)
    const id = accounts[nth]
    if (id === undefined) throw new Error(`All accounts of ${alias} have been asked for`)
    return id
  }

  const goOn = async (replica: Replica, alias: string): Promise<void> => {
    while (!isOver && !left.has(replica)) {
      const query = `{ account(id: "${idOf(alias)}", connector: "${alias}") { email } }`
      const answer = await ask(replica.url, { query }).catch((error: unknown) => {
        if (isOver || left.has(replica)) return undefined
        throw error
      })
      if (answer === undefined) return
      if (answer.errors !== undefined) await pause(AGAIN_MS)
    }
  }

  const asking = replicas.flatMap(replica =>
    aliases.flatMap(alias => Array.from({ length: CALLERS }, () => goOn(replica, alias))),
  )
  return {
    leave: replica => {
      left.add(replica)
    },
    end: async () => {
      isOver = true
      await Promise.all(asking)
    },
  }
}
