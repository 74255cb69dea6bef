/** Several readers of one order, each of which has come as far as it has. */

/** Who reads next, from where, and up to where they are alone. */
export interface Behind {
  readonly connectors: readonly string[]
  readonly from: number
  readonly until: number
}

/** The connectors that are furthest behind, up to the next one or the newest; undefined where all have reached that. */
export const furthestBehind = (
  reached: readonly (readonly [connector: string, sequence: number])[],
  newest: number,
): Behind | undefined => {
  const behind = reached.filter(([, sequence]) => sequence < newest)
  if (behind.length === 0) return undefined
  const from = Math.min(...behind.map(([, sequence]) => sequence))
  const others = behind.map(([, sequence]) => sequence).filter(sequence => sequence > from)
  return {
    connectors: behind.filter(([, sequence]) => sequence === from).map(([connector]) => connector),
    from,
    until: Math.min(newest, ...others),
  }
}
