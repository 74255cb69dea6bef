/** The answer to a document, kept current while the page is looked at, and asked for once for all who show it. */
import { useMemo, useSyncExternalStore } from 'react'
import { documentOf } from '../given.js'
import { keepAsking } from './keep-asking.js'

/** By what they ask; those that nobody shows any longer are not among them. */
const askers = new Map()

/**
 * `{ data, told, failure, progress, isAsking, since, again }`: what came last, what the server says of it, why none came.
 * While the next is under way the last one stays. Of `variables` those count that the document has.
 */
export const useAnswer = (name, variables) => {
  const asked = declared(name, variables)
  const key = `${name} ${JSON.stringify(asked)}`
  const { subscribe, current, again } = useMemo(() => shareOf(key, name, asked), [key])
  return { ...useSyncExternalStore(subscribe, current), again }
}

const shareOf = (key, name, variables) => ({
  subscribe: listener => {
    const asker = askers.get(key) ?? startAsker(key, name, variables)
    asker.listeners.add(listener)
    return () => {
      asker.listeners.delete(listener)
      if (asker.listeners.size > 0) return
      askers.delete(key)
      asker.stop()
    }
  },
  current: () => askers.get(key)?.state ?? NOTHING,
  again: () => askers.get(key)?.ask(),
})

const NOTHING = { isAsking: false }

const startAsker = (key, name, variables) => {
  const asker = { state: NOTHING, listeners: new Set() }
  askers.set(key, asker)
  const change = changed => {
    asker.state = { ...asker.state, ...changed }
    for (const listener of asker.listeners) listener()
  }
  return Object.assign(asker, keepAsking(name, variables, change))
}

/** Those variables that a document has. */
const declared = (name, variables) => {
  const text = documentOf(name)
  return Object.fromEntries(
    Object.entries(variables).filter(([each]) => new RegExp(`\\$${each}\\b`).test(text)),
  )
}
