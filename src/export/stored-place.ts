/** How far an export came in what is stored, in the order of arrival, and that nothing behind that is missing. */
import { GatewayError } from '../errors.ts'
import { type GivenPlace, resumeFrom, type StoredOrder } from '../query/stored/resume.ts'

/** Nobody can say that nothing is missing after the place that was kept for those connectors. */
export class PlaceLostError extends Error {
  readonly connectors: readonly string[]
  readonly what: NonNullable<StoredOrder['what']>
  /** `TOO_OLD`: what came after it has been deleted. `UNKNOWN`: the store is not the one that gave it. */
  readonly how: 'TOO_OLD' | 'UNKNOWN'

  constructor(
    connectors: readonly string[],
    { what = 'event' }: Pick<StoredOrder, 'what'>,
    how: PlaceLostError['how'],
    cause?: unknown,
  ) {
    super('The place of an export is lost', { cause })
    this.connectors = connectors
    this.what = what
    this.how = how
  }
}

/** The place right behind what has that sequence. */
export const placeBehind = async (
  { identity, standing }: StoredOrder,
  sequence: number,
): Promise<GivenPlace> => ({
  store: identity,
  sequence,
  receivedAt: (await standing(sequence)).receivedAt ?? 0,
})

/** The first place behind that sequence behind which nothing has been deleted. */
export const firstPlace = async (order: StoredOrder, sequence: number): Promise<GivenPlace> =>
  placeBehind(order, Math.max((await order.standing(0)).purged, sequence))

/** @throws {PlaceLostError} where something behind the place may be missing */
export const checkPlace = async (
  order: StoredOrder,
  place: GivenPlace,
  connectors: readonly string[],
): Promise<void> => {
  try {
    await resumeFrom(place, order)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const { cursor } = error.fields
    if (cursor !== 'TOO_OLD' && cursor !== 'UNKNOWN') throw error
    throw new PlaceLostError(connectors, order, cursor, error)
  }
}

/** What goes while it is read is not passed over either. @throws {PlaceLostError} */
export const nothingGone = async (
  order: StoredOrder,
  sequence: number,
  connectors: readonly string[],
): Promise<void> => {
  if ((await order.standing(sequence)).purged > sequence)
    throw new PlaceLostError(connectors, order, 'TOO_OLD')
}
