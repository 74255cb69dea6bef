import { BadInputError } from '../errors.ts'

/**
 * Whether an object is named by `a` rather than by `b`.
 * @throws BadInputError where it is named by both, or by neither.
 */
export const exactlyOne = <T extends object>(
  args: T,
  a: keyof T & string,
  b: keyof T & string,
): boolean => {
  const given = (name: keyof T): boolean => args[name] !== undefined && args[name] !== null
  if (given(a) === given(b)) throw new BadInputError(`Give exactly one of "${a}" and "${b}"`, a)
  return given(a)
}
