/** Whether JSON, or an address, holds a text. Rather once too often: what is erased in vain costs a request. */

/** JSON within JSON within JSON, and an address within: each has one escape around the other. */
const MOST_LAYERS = 8

/** What tells of `text`, in whatever case and however it is escaped. */
export const createTextFinder = (text: string): ((source: string) => boolean) => {
  const wanted = foldedText(text)
  return source => {
    let layer = source
    for (let layers = 0; layers < MOST_LAYERS; layers += 1) {
      if (foldedText(layer).includes(wanted)) return true
      const next = withoutEscapes(layer)
      if (next === layer) return false
      layer = next
    }
    return foldedText(layer).includes(wanted)
  }
}

/** The same for all letters that people take for the same. */
const foldedText = (text: string): string => text.normalize('NFKC').toLowerCase().toUpperCase()

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** One layer of escapes less: those of JSON, and where there are none of them those of addresses. */
const withoutEscapes = (text: string): string => {
  const read = text.replace(
    /\\(?:u([0-9a-fA-F]{4})|([^u]))/g,
    (_, code: string | undefined, letter: string) =>
      code === undefined
        ? (SHORT_ESCAPES[letter] ?? letter)
        : String.fromCharCode(Number.parseInt(code, 16)),
  )
  return read === text ? text.replace(/(?:%[0-9a-fA-F]{2})+/g, decoded) : read
}

const decoded = (bytes: string): string => {
  try {
    return decodeURIComponent(bytes)
  } catch {
    return bytes
  }
}
