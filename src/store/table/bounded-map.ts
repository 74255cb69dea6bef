/** What callers' words or events can add to is remembered up to this many entries: it must not fill the memory. */
export const MAX_REMEMBERED = 10_000

/** Notes the entry as the newest; beyond the most that is kept, the oldest goes. */
export const remember = <Value>(map: Map<string, Value>, key: string, value: Value): void => {
  map.delete(key)
  map.set(key, value)
  const oldest = map.size > MAX_REMEMBERED ? map.keys().next().value : undefined
  if (oldest !== undefined) map.delete(oldest)
}
