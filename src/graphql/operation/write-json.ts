/** Writes JSON in slices, as `JSON.stringify` would write it in one go, and counts it as part of the answer. */
import { andThen, type Maybe } from '../../model/maybe.ts'
import type { Work } from '../../work/work.ts'
import { type Text, TextBuilder } from '../compiled/text.ts'
import { WrittenJson } from '../schema/written-json.ts'

/** About what a value takes to write, and each letter of a long one. */
const VALUE_NS = 100
const LETTER_NS = 5
const LONG = 1_000

/** The text of plain data; settled at once where that takes no longer than the turn. @throws what ended the work */
export const writeJson = (value: unknown, work: Work): Maybe<Text> => {
  if (!isContainer(value)) return inOneGo(value, work)
  const into = new TextBuilder()
  return andThen(work.run(steps(value, work, into)), () => into.end())
}

type Container = readonly unknown[] | Readonly<Record<string, unknown>>

/** Whether it holds objects in its turn; whatever else says itself how it is written. */
const isContainer = (value: unknown): value is Container =>
  typeof value === 'object' &&
  value !== null &&
  !('toJSON' in value) &&
  (Array.isArray(value) ? (value as unknown[]) : Object.values(value)).some(
    member => typeof member === 'object' && member !== null,
  )

const inOneGo = (value: unknown, work: Work): string => {
  // Where JSON has no word for it, an element of a list is null.
  const text =
    value instanceof WrittenJson
      ? value.text
      : ((JSON.stringify(value) as string | undefined) ?? 'null')
  work.wrote(text.length)
  return text
}

function* steps(value: Container, work: Work, into: TextBuilder): Generator<void, void> {
  const isList = Array.isArray(value)
  let isFirst = true
  into.add(isList ? '[' : '{')
  for (const [key, member] of Object.entries<unknown>(value)) {
    if (!isList && member === undefined) continue
    if (!work.spend(VALUE_NS)) yield
    const name = isList ? '' : `${JSON.stringify(key)}:`
    const before = isFirst ? name : `,${name}`
    isFirst = false
    work.wrote(before.length)
    into.add(before)
    if (isContainer(member)) yield* steps(member, work, into)
    else {
      const text = inOneGo(member, work)
      const isOver = into.add(text)
        ? work.isOver()
        : text.length > LONG && !work.spend(LETTER_NS * text.length)
      if (isOver) yield
    }
  }
  into.add(isList ? ']' : '}')
}
