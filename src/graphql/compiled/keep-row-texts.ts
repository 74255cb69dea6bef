/** Keeps the text of what an answer takes from one row with the row, which need not be written again until it changes. */
import type { CollectionName } from '../../model/rows.ts'
import { type TextPiece, writeFields } from './join-text.ts'
import type { FindTexts, Run } from './run.ts'

/** One field of an object. */
export interface FieldPiece extends TextPiece {
  /** The collection on whose rows alone the field rests. */
  readonly rows?: CollectionName | undefined
}

/** The pieces of an object's fields, those that stand one after another and rest on the same row as one. */
export type KeepRowTexts = (pieces: readonly FieldPiece[]) => readonly TextPiece[]

/** For the objects of one document; without `findTexts` each row is written anew each time. */
export const createKeepRowTexts = (findTexts: FindTexts | undefined): KeepRowTexts => {
  if (findTexts === undefined) return pieces => pieces
  /** Groups of fields whose texts are kept. */
  let groups = 0

  /** Fields of one row as one field, whose text is kept with the row. */
  const ofRow = (collection: CollectionName, pieces: readonly FieldPiece[]): TextPiece => {
    const kind = {}
    const index = groups
    groups += 1
    const write = (value: unknown, run: Run): string => {
      const { connector, row } = value as { readonly connector: string; readonly row: object }
      let kept = run.texts[index]
      if (kept?.connector !== connector)
        run.texts[index] = kept = {
          connector,
          texts: findTexts(run.context, connector, collection),
        }
      return (
        kept.texts.get(kind, row) ?? kept.texts.keep(kind, row, writeFields(pieces, value, run))
      )
    }
    return { before: pieces[0]?.before ?? '', write, isLeaf: true }
  }

  return pieces => {
    const all: TextPiece[] = []
    for (let from = 0, to = 1; from < pieces.length; from = to, to = from + 1) {
      const rows = pieces[from]?.rows
      while (rows !== undefined && pieces[to]?.rows === rows) to += 1
      const group = pieces.slice(from, to)
      if (rows === undefined || group.length < 2) all.push(...group)
      else all.push(ofRow(rows, group))
    }
    return all
  }
}
