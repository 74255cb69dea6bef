/** Pieces of an answer put together: at once where all are at hand, else when the last of them is. */
import { allOf, andThen, type Maybe } from '../../model/maybe.ts'
import { Bailout, type Write, type Run } from './run.ts'
import { joinSteps, PIECE_LETTERS, type Text } from './text.ts'

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
      if (typeof written !== 'string' || text.length > PIECE_LETTERS) {
        run.work.wrote(own + piece.before.length)
        return inPieces(text + piece.before, written, pieces.slice(index + 1), value, run)
      }
      text += piece.before + written
      own += piece.before.length
      if (piece.isLeaf) own += written.length
    }
    run.work.wrote(own)
    return `${text}}`
  }
}

/** The rest of a long object, or of one of which some field has to be waited for; the others begin all the same. */
const inPieces = (
  before: string,
  first: Maybe<Text>,
  rest: readonly TextPiece[],
  value: unknown,
  run: Run,
): Maybe<Text> => {
  const parts: Maybe<Text>[] = [first]
  try {
    for (const { write } of rest) parts.push(write(value, run))
  } catch (thrown) {
    abandon(parts)
    throw thrown
  }
  const between = (index: number): string => rest[index - 1]?.before ?? ''
  return andThen(allOf(parts), texts =>
    run.work.run(joinSteps({ before, parts: texts, from: 0, between, after: '}' }, run.work)),
  )
}

/**
 * The fields alone, save what stands before the first; in one piece, since it is to be written again and again.
 * @throws {Bailout} where one of them has to be waited for
 */
export const writeFields = (pieces: readonly TextPiece[], value: unknown, run: Run): string => {
  const texts = pieces.map(({ before, write }, index) => {
    const written = write(value, run)
    if (written instanceof Promise) throw new Bailout()
    return index === 0 ? String(written) : before + String(written)
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
): Maybe<Text> => {
  if (!Array.isArray(value)) throw new Bailout()
  const items: readonly unknown[] = value
  const parts: Maybe<Text>[] = []
  let isLater = false
  try {
    for (const item of items) {
      const part =
        item instanceof Promise
          ? item.then(settled => write(settled, run))
          : run.work.spend(nanoseconds)
            ? write(item, run)
            : run.work.later(() => write(item, run))
      isLater ||= part instanceof Promise
      parts.push(part)
    }
  } catch (thrown) {
    abandon(parts)
    throw thrown
  }
  return isLater
    ? Promise.all(parts.map(async part => part)).then(texts => join(texts, run))
    : join(parts as Text[], run)
}

/** At once as long as it is short. */
const join = (parts: readonly Text[], { work }: Run): Maybe<Text> => {
  let text = '['
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] ?? ''
    if (typeof part !== 'string' || text.length > PIECE_LETTERS)
      return work.run(
        joinSteps({ before: text, parts, from: index, between: commaAfterFirst, after: ']' }, work),
      )
    text += index === 0 ? part : `,${part}`
  }
  return `${text}]`
}

const commaAfterFirst = (index: number): string => (index === 0 ? '' : ',')

/** Nobody waits for them any more, and none of them may be the end of the process. */
const abandon = (parts: readonly Maybe<Text>[]): void => {
  for (const part of parts) if (part instanceof Promise) part.catch(() => undefined)
}
