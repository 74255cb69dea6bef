/** Bytes that no packing makes much smaller, as text. */
export const noise = (bytes: number, seed = 1): string => {
  const letters = Buffer.allocUnsafe(bytes)
  let state = seed
  for (let index = 0; index < bytes; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    // No letter that JSON would escape.
    letters[index] = 48 + ((state >>> 16) % 42)
  }
  return letters.toString('latin1').replaceAll('\\', '~')
}
