/** Entries of a map that callers' words or events can add to: it must not fill the memory. */
export const MAX_ENTRIES = 10_000

/** Sets the entry, as the newest; beyond the most that is kept, the oldest goes. */
export const setBounded = <Value>(map: Map<string, Value>, key: string, value: Value): void => {
  map.delete(key)
  map.set(key, value)
  const oldest = map.size > MAX_ENTRIES ? map.keys().next().value : undefined
  if (oldest !== undefined) map.delete(oldest)
}
