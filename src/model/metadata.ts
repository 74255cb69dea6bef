/** The value of a detection event's `metadata`, a text that most often holds JSON; null where it does not. */
export const metadataValue = (text: string | null): unknown => {
  if (text === null) return null
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
