/** Whether two readings of a row came to the same. */
import type { Row } from '../../model/rows.ts'

export const isSameRow = (one: Row, other: Row): boolean => isSameValue(one, other)

/** Whether two values of a member are the same. */
export const isSameValue = (one: unknown, other: unknown): boolean => {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const names = Object.keys(one)
  if (names.length !== Object.keys(other).length) return false
  for (const name of names)
    if (
      !(name in other) ||
      !isSameValue(
        (one as Readonly<Record<string, unknown>>)[name],
        (other as Readonly<Record<string, unknown>>)[name],
      )
    )
      return false
  return true
}
