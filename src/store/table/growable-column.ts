/** One number for each slot of a table, without the boxes and the slack of an array. */
export type Column = Int32Array | Float64Array

/**
 * The column itself where it has that slot, else a larger one with the same numbers and 0 in all others. It grows by an
 * eighth, where an array grows by a half.
 */
export const withRoom = <C extends Column>(column: C, slot: number): C => {
  if (slot < column.length) return column
  const larger = new (column.constructor as new (length: number) => C)(slot + (slot >> 3) + 16)
  larger.set(column)
  return larger
}
