/** Pieces of an answer put together: at once where all are at hand, else when the last of them is. */
import type { Maybe } from '../../model/maybe.ts'
import { Bailout, type Write, type Run } from './run.ts'

/** A field with what stands before it: the brace or comma, and its name. */
export interface TextPiece {
  readonly before: string
  readonly write: Write
  /** What it writes is no object, nor a list of some, which count their own length. */
  readonly isLeaf: boolean
}

/** Writes an object of those fields, in their order. */
export const objectWriter = (pieces: readonly TextPiece[]): Write => {
  if (pieces.length === 0) return () => '{}'
  return (value, run) => {
    let text = ''
    let own = 1
    for (let index = 0; index < pieces.length; index += 1) {
      const piece = pieces[index]
      if (piece === undefined) continue
      const written = piece.write(value, run)
      if (typeof written !== 'string')
        return later(text + piece.before, written, pieces.slice(index + 1), value, run)
      text += piece.before + written
      own += piece.before.length
      if (piece.isLeaf) own += written.length
    }
    run.work.wrote(own)
    return `${text}}`
  }
}

/** The rest of an object of which some field has to be waited for; the others begin all the same. */
const later = (
  before: string,
  first: Promise<string>,
  rest: readonly TextPiece[],
  value: unknown,
  run: Run,
): Promise<string> => {
  const parts: Maybe<string>[] = [first]
  try {
    for (const { write } of rest) parts.push(write(value, run))
  } catch (thrown) {
    abandon(parts)
    throw thrown
  }
  return Promise.all(parts.map(async part => part)).then(texts => {
    run.work.wrote(before.length)
    const joined = texts.map((text, index) =>
      index === 0 ? text : `${rest[index - 1]?.before ?? ''}${text}`,
    )
    return `${before}${joined.join('')}}`
  })
}

/**
 * The fields alone, save what stands before the first; in one piece, since it is to be written again and again.
 * @throws {Bailout} where one of them has to be waited for
 */
export const writeFields = (pieces: readonly TextPiece[], value: unknown, run: Run): string => {
  const texts = pieces.map(({ before, write }, index) => {
    const written = write(value, run)
    if (typeof written !== 'string') throw new Bailout()
    return index === 0 ? written : before + written
  })
  return texts.join('')
}

/**
 * Every item of a list written by `write`, which takes about so many nanoseconds for each; others have their turn in
 * between. @throws {Bailout} for what is no array
 */
export const writeList = (
  write: Write,
  value: unknown,
  run: Run,
  nanoseconds: number,
): Maybe<string> => {
  if (!Array.isArray(value)) throw new Bailout()
  const items: readonly unknown[] = value
  const parts: Maybe<string>[] = []
  let isLater = false
  try {
    for (const item of items) {
      const part =
        item instanceof Promise
          ? item.then(settled => write(settled, run))
          : run.work.spend(nanoseconds)
            ? write(item, run)
            : run.work.later(() => write(item, run))
      isLater ||= typeof part !== 'string'
      parts.push(part)
    }
  } catch (thrown) {
    abandon(parts)
    throw thrown
  }
  return isLater ? Promise.all(parts.map(async part => part)).then(join) : join(parts as string[])
}

/** Piece by piece: the whole text is put together once, when it is sent. */
const join = (parts: readonly string[]): string => {
  let text = '['
  for (const [index, part] of parts.entries()) text += index === 0 ? part : `,${part}`
  return `${text}]`
}

/** Nobody waits for them any more, and none of them may be the end of the process. */
const abandon = (parts: readonly Maybe<string>[]): void => {
  for (const part of parts) if (part instanceof Promise) part.catch(() => undefined)
}
