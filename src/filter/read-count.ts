/** How many objects of a list pass: the operators of whole numbers, each a range of them. */
import { and, everything, type Filter, not, nothing, type NumberRange } from './filter.ts'
import { membersOf, readBoolean, readNumber, refuse, type InputTerms } from './read-input.ts'

/**
 * What the operators ask of the number, all of them together. `counted`: the filter for so many objects of those that
 * `where` passes.
 *
 * @throws {BadInputError} with the path of an operator that cannot be read.
 */
export const readCount = (
  input: unknown,
  path: string,
  reading: InputTerms,
  counted: (range: NumberRange, where: unknown) => Filter,
): Filter => {
  const members = membersOf(input, path)
  const where = members.find(([name]) => name === 'where')?.[1]
  const parts = members.map(([name, value]): Filter => {
    if (name === 'where') return everything
    reading.allowance.comparison(`${path}.${name}`)
    // There is always a number.
    if (name === 'isNull')
      return readBoolean(value, `${path}.${name}`) ? nothing : counted(anyNumber, where)
    const range = numberRange(name, value, path)
    const filter = counted(range, where)
    // A list that is not there has no other number either.
    return name === 'ne' ? and([counted(anyNumber, where), not(filter)]) : filter
  })
  // Without a comparison the condition is read all the same: it may be one that cannot be asked.
  if (where !== undefined && parts.every(({ kind }) => kind === 'all')) counted(anyNumber, where)
  return and(parts)
}

const anyNumber: NumberRange = { least: 0, most: Infinity }

/** The numbers that an operator passes; of `ne` those that it does not. */
export const numberRange = (name: string, value: unknown, path: string): NumberRange => {
  const at = `${path}.${name}`
  const number = readNumber(value, at, 'a number')
  switch (name) {
    case 'eq':
    case 'ne':
      return { least: number, most: number }
    case 'gt':
      return { least: number + 1, most: Infinity }
    case 'gte':
      return { least: number, most: Infinity }
    case 'lt':
      return { least: 0, most: number - 1 }
    case 'lte':
      return { least: 0, most: number }
    default:
      return refuse(at, 'an operator of a number')
  }
}
