/** Texts that were made of one row each, kept until any row of the table changes. */

export interface RowTexts {
  /** The text of that kind that was made of the row as it is; undefined where there is none. */
  get(kind: object, row: object): string | undefined
  /** Keeps a text, which must rest on the row alone; gives it back. */
  keep(kind: object, row: object, text: string): string
}

/** Of one table, in characters. */
const MAX_LENGTH = 4_194_304
/** What a text takes besides its characters, in as many of them. */
const OVERHEAD = 64

/** `version` tells the present state of the rows: texts of another one are forgotten. */
export const createRowTexts = (version: () => number): RowTexts => {
  const kinds = new Map<object, Map<object, string>>()
  let last: { readonly kind: object; readonly texts: Map<object, string> } | undefined
  let madeAt = version()
  let length = 0

  const forget = (): void => {
    kinds.clear()
    last = undefined
    length = 0
    madeAt = version()
  }

  const textsOf = (kind: object): Map<object, string> => {
    if (madeAt !== version() || length > MAX_LENGTH) forget()
    // One list asks for one kind row after row.
    if (last?.kind === kind) return last.texts
    const texts = kinds.get(kind) ?? new Map<object, string>()
    kinds.set(kind, texts)
    last = { kind, texts }
    return texts
  }

  return {
    get: (kind, row) => textsOf(kind).get(row),
    keep: (kind, row, text) => {
      textsOf(kind).set(row, text)
      length += text.length + OVERHEAD
      return text
    },
  }
}
