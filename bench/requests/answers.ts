/** Whether an answer is the right one, judged without regard to the order in which lists come. */

/** Lists of objects in an order of their own, so that two answers with the same rows are the same text. */
export const inAnyOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const items = value.map(inAnyOrder)
    const areObjects = items.some(item => typeof item === 'object' && item !== null)
    return areObjects ? items.map(item => JSON.stringify(item)).sort() : items
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]): [string, unknown] => [name, inAnyOrder(member)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

export const isSameAnswer = (a: unknown, b: unknown): boolean =>
  JSON.stringify(inAnyOrder(a)) === JSON.stringify(inAnyOrder(b))

/** The objects in an answer: everything that has an id or stands in a list. */
export const countRows = (value: unknown): number => {
  if (Array.isArray(value))
    return value.reduce<number>(
      (sum, item) =>
        sum +
        (typeof item === 'object' && item !== null && !('id' in item) ? 1 : 0) +
        countRows(item),
      0,
    )
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce<number>(
    (sum, member) => sum + countRows(member),
    'id' in value ? 1 : 0,
  )
}
