/**
 * JSON from others whose texts may hold half a letter: `\ud83d` alone, where a name was cut in the middle of an emoji.
 * JSON allows that, Unicode does not, and many readers of JSON refuse a whole answer for it.
 */

/** The value of the JSON, half letters in its texts and names replaced by U+FFFD. @throws {SyntaxError} where it is none */
export const parseJson = (text: string): unknown => {
  const value: unknown = JSON.parse(text)
  return mayHoldHalves(text) ? wellFormed(value) : value
}

/** Only an escape can bring half a letter: bytes that would are no UTF-8, and were replaced when they were read. */
const mayHoldHalves = (json: string): boolean => json.includes('\\ud') || json.includes('\\uD')

/** A value of JSON, half letters in its texts and names replaced by U+FFFD. */
export const wellFormed = (value: unknown): unknown => {
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return value.map(wellFormed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toWellFormed(), wellFormed(member)]),
  )
}
