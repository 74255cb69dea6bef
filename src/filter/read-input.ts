/** The parts of a coerced GraphQL value, checked as they are taken. */
import { BadInputError } from '../errors.ts'
import type { FilterAllowance } from './limits.ts'

/** What holds for a whole filter while it is read. */
export interface InputTerms {
  /** The operation's start, as for the whole reading. */
  readonly moment: { now(): number }
  readonly allowance: FilterAllowance
}

/**
 * The members that are there.
 *
 * @throws {BadInputError} when one of them, or the input, is an explicit null.
 */
export const membersOf = (
  input: unknown,
  path: string,
): readonly (readonly [string, unknown])[] => {
  refuseNull(input, path)
  if (typeof input !== 'object' || Array.isArray(input)) return refuse(path, 'an object')
  const members = Object.entries(input as object).filter(([, value]) => value !== undefined)
  for (const [name, value] of members) refuseNull(value, `${path}.${name}`)
  return members
}

/** Each element of a list, read; GraphQL takes a single value for a list of one. */
export const readList = <T>(
  input: unknown,
  path: string,
  read: (value: unknown, path: string) => T,
): readonly T[] => {
  const values: readonly unknown[] = Array.isArray(input) ? input : [input]
  return values.map((value, index) => {
    const at = `${path}[${index}]`
    refuseNull(value, at)
    return read(value, at)
  })
}

export const readBoolean = (input: unknown, path: string): boolean =>
  typeof input === 'boolean' ? input : refuse(path, 'true or false')

export const readNumber = (input: unknown, path: string, expected = 'a moment'): number =>
  typeof input === 'number' && Number.isFinite(input) ? input : refuse(path, expected)

/** Half a letter in it stands for what it became when rows were read. */
export const readText = (input: unknown, path: string): string =>
  typeof input === 'string' ? input.toWellFormed() : refuse(path, 'a text')

/** @throws {BadInputError} always: the path does not hold what it must. */
export const refuse = (path: string, expected: string): never => {
  throw new BadInputError(`${path} is not ${expected}`, path)
}

const refuseNull = (value: unknown, path: string): void => {
  if (value === null)
    throw new BadInputError(`${path} is null: leave it out, or ask for null with isNull`, path)
}
