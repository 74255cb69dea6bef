/** Which texts came before, told without keeping them: most never come again, and each would be kept for long in vain. */

/** Numbers remembered: far more than the questions of dashboards. */
const SLOTS = 4_096
/** Letters at either end of a text that its number is made of: variables stand before the document or behind it. */
const ENDS = 512

/**
 * Tells whether the text came before, and remembers it. Another text with the same number is rare, and forgotten is
 * what came long ago: whoever asks must bear both.
 */
export const createMetBefore = (): ((text: string) => boolean) => {
  const met = new Uint32Array(SLOTS)
  return text => {
    const number = numberOf(text)
    const slot = number % SLOTS
    if (met[slot] === number) return true
    met[slot] = number
    return false
  }
}

/** FNV-1a, never 0; of what is long, the middle counts by its length alone. */
const numberOf = (text: string): number => {
  const { length } = text
  let number = 0x811c9dc5 ^ length
  for (let at = 0; at < length; at += 1) {
    if (at === ENDS && length > 2 * ENDS) at = length - ENDS
    number = Math.imul(number ^ text.charCodeAt(at), 0x01000193)
  }
  return number >>> 0 || 1
}
