/**
 * The texts of answers. What is long becomes bytes piece by piece while it is made: to put megabytes together at the end
 * would hold everybody up, and a text that grew by many small ones must be copied before anything is done with it.
 */
import type { Work } from '../../work/work.ts'

export type Text = string | LongText

/** About so many letters a piece has; what is shorter stays a string. */
export const PIECE_LETTERS = 65_536

/** A long text as the bytes of its pieces, each of whole letters. */
export class LongText {
  readonly pieces: readonly Buffer[]
  /** In letters, like that of a string. */
  readonly length: number

  constructor(pieces: readonly Buffer[], length: number) {
    this.pieces = pieces
    this.length = length
  }

  /** All of it in one go, for whoever does not send it. */
  toString(): string {
    return this.pieces.map(piece => piece.toString()).join('')
  }
}

/** Puts a text together from its beginning to its end. */
export class TextBuilder {
  readonly #pieces: Buffer[] = []
  #length = 0
  #open = ''

  /** Whether a piece has become bytes with it, which takes as long as thousands of letters before it did. */
  add(text: Text): boolean {
    if (typeof text === 'string') {
      this.#open += text
      const isWhole = this.#open.length >= PIECE_LETTERS
      if (isWhole) this.#close()
      return isWhole
    }
    this.#close()
    for (const piece of text.pieces) this.#pieces.push(piece)
    this.#length += text.length
    return true
  }

  end(): Text {
    if (this.#pieces.length === 0) return this.#open
    this.#close()
    return new LongText(this.#pieces, this.#length)
  }

  #close(): void {
    if (this.#open === '') return
    this.#pieces.push(Buffer.from(this.#open))
    this.#length += this.#open.length
    this.#open = ''
  }
}

/** Those texts as one. */
export const joined = (...parts: readonly Text[]): Text => {
  const builder = new TextBuilder()
  for (const part of parts) builder.add(part)
  return builder.end()
}

export interface Joining {
  /** What stands before the first of the parts that are to follow. */
  readonly before: string
  readonly parts: readonly Text[]
  /** The first of them. */
  readonly from: number
  /** What stands before each of them. */
  readonly between: (index: number) => string
  readonly after: string
}

/** What each part takes, and each letter of it, in nanoseconds. */
const [PART_NS, LETTER_NS] = [50, 1]

/** Those parts as one text; yields where the turn is over. */
export function* joinSteps(
  { before, parts, from, between, after }: Joining,
  work: Work,
): Generator<void, Text> {
  const builder = new TextBuilder()
  builder.add(before)
  for (let index = from; index < parts.length; index += 1) {
    const part = parts[index] ?? ''
    if (!work.spend(PART_NS + (typeof part === 'string' ? part.length * LETTER_NS : 0))) yield
    builder.add(between(index))
    if (builder.add(part) && work.isOver()) yield
  }
  builder.add(after)
  return builder.end()
}
