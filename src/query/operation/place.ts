/**
 * Where rows are read from, as one text: the alias of a connector, which is the connector as it is, or that alias and a
 * moment, which is what was known of it then.
 */

// No alias has one.
const MARK = '@'

/** That connector as it was known at that moment (milliseconds). */
export const placeAt = (alias: string, moment: number): string => `${alias}${MARK}${moment}`

/** The alias of the connector. */
export const aliasOf = (place: string): string => {
  const end = place.indexOf(MARK)
  return end < 0 ? place : place.slice(0, end)
}

/** The moment (milliseconds); undefined for the connector as it is. */
export const momentOf = (place: string): number | undefined => {
  const end = place.indexOf(MARK)
  return end < 0 ? undefined : Number(place.slice(end + 1))
}
