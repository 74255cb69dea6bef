/** How large the variables of a request may be, so that GraphQL reads them in about 10 ms at most. */
import { BadInputError } from '../../errors.ts'

/** Objects in them, those of representations apart: GraphQL looks for each member that an object might have. */
const MAX_OBJECTS = 3_000
/** Whatever is no object: as many as a filter may have in its lists, and as many beside them. */
const MAX_VALUES = 20_000
/** Objects that a gateway asks for at once. */
const MAX_REPRESENTATIONS = 10_000
const MAX_REPRESENTATION_VALUES = 100_000
/** UTF-16 units of a text, such as the longest cursor, and of a member's name. */
const MAX_TEXT = 65_536
const MAX_NAME = 256
const MAX_LEVELS = 200

/** @throws BadInputError where they are larger */
export const checkVariables = (variables: unknown): void => {
  if (!isObject(variables)) return
  const [usual, representations] = [new Tally(), new Tally()]
  for (const value of Object.values(variables))
    (isRepresentations(value) ? representations : usual).add(value, 0)
  usual.check(MAX_OBJECTS, MAX_VALUES, '')
  representations.check(MAX_REPRESENTATIONS, MAX_REPRESENTATION_VALUES, ' in representations')
}

/** Counts what is in values, as far as more of them do not matter. */
class Tally {
  #objects = 0
  #values = 0

  add(value: unknown, level: number): void {
    if (level > MAX_LEVELS)
      throw new BadInputError('The variables are nested too deeply', 'variables')
    if (typeof value === 'string') refuseAbove(MAX_TEXT, value.length, 'letters in a text')
    if (!isObject(value)) {
      this.#values += 1
      return
    }
    if (Array.isArray(value)) {
      this.#values += 1
      for (const element of value) this.add(element, level + 1)
      return
    }
    this.#objects += 1
    for (const [name, member] of Object.entries(value)) {
      refuseAbove(MAX_NAME, name.length, 'letters in a name')
      this.add(member, level + 1)
    }
  }

  check(mostObjects: number, mostValues: number, where: string): void {
    refuseAbove(mostObjects, this.#objects, `objects${where}`)
    refuseAbove(mostValues, this.#values, `values${where}`)
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** What a gateway sends to `_entities`: a list whose objects all say their type, which nothing else here does. */
const isRepresentations = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(each => isObject(each) && '__typename' in each)

const refuseAbove = (most: number, found: number, what: string): void => {
  if (found > most)
    throw new BadInputError(
      `The variables have more than the ${most} ${what} that they may have; ask for less at once`,
      'variables',
    )
}
