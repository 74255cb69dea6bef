import type { Rights } from '../model/rights.ts'
import type { ConnectedClient } from './connectors.ts'

/**
 * Why no connector works, a sentence for each that a caller of these rights sees; empty while one of them does, or would
 * be asked whether it does: whoever is sent no callers could not find out.
 */
export const failuresOf = (
  clients: readonly ConnectedClient[],
  { connectors }: Rights,
): readonly string[] => {
  const failing = clients.flatMap(({ alias, client }) => {
    const { status, reason, asks } = client.health()
    const isOut = status === 'FAILING' && !asks
    return isOut ? [{ alias, told: `Connector ${alias}: ${reason ?? 'it is failing'}` }] : []
  })
  if (failing.length < clients.length) return []
  const told = failing.filter(({ alias }) => connectors?.has(alias) !== false)
  return told.length === 0 ? ['No connector works'] : told.map(each => each.told)
}
