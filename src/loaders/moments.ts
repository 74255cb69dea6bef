/** The loaders of the moments of the past that an operation asks for, each made once. */
import { BadInputError } from '../errors.ts'
import type { Clock } from '../model/clock.ts'
import { placeAt } from '../query/operation/place.ts'
import type { Operation } from '../query/operation/operation.ts'
import { openPast, type Past, type PastRoom, type PastShare } from '../query/past.ts'
import type { Reader } from '../query/reading/reader.ts'
import type { StoredSource } from '../query/stored/list.ts'
import { upTo } from '../query/stored/up-to.ts'
import type { Loaders } from './loaders.ts'

export interface MomentsOptions {
  /** Those of the operation. */
  readonly readers: ReadonlyMap<string, Reader>
  readonly operation: Operation
  readonly clock: Clock
  /** Asked on the terms of the operation: all moments share what it may take. */
  readonly source: StoredSource
  /** Where their rows have their room; without bounds where absent. */
  readonly room: PastRoom | undefined
  /** The loaders of the connectors as they were known then, and of what was stored by then. */
  readonly make: (past: Past, source: StoredSource) => Loaders
}

/** Each has tables of its own. */
const MOST_MOMENTS = 10

// A class rather than closures: one is made for each operation, and most never ask it anything.
export class Moments {
  readonly #options: MomentsOptions
  #byMoment: Map<number, Loaders> | undefined
  #byPlace: Map<unknown, Loaders> | undefined
  #share: PastShare | undefined

  constructor(options: MomentsOptions) {
    this.#options = options
  }

  /** Those of that moment (UNIX seconds). @throws BadInputError where it is still to come, or one too many */
  readonly at = (seconds: number): Loaders => {
    const moment = Math.round(seconds * 1_000)
    const known = (this.#byMoment ??= new Map<number, Loaders>()).get(moment)
    if (known !== undefined) return known
    if (this.#byMoment.size === MOST_MOMENTS)
      throw new BadInputError(
        `One operation may ask for ${MOST_MOMENTS} different moments with "at"; ask for the others by themselves`,
        'at',
      )
    const { readers, operation, clock, source, room, make } = this.#options
    const past = openPast({
      aliases: readers.keys(),
      moment,
      operation,
      clock,
      source,
      share: (this.#share ??= room?.open() ?? boundless),
    })
    const loaders = make(past, upTo(source, moment))
    this.#byMoment.set(moment, loaders)
    this.#byPlace ??= new Map()
    for (const alias of readers.keys()) this.#byPlace.set(placeAt(alias, moment), loaders)
    return loaders
  }

  /** Those that know that place; undefined where it is none of the past. */
  of(place: unknown): Loaders | undefined {
    return this.#byPlace?.get(place)
  }

  /** The operation is over. */
  end(): void {
    this.#share?.end()
  }
}

const boundless: PastShare = { take: () => undefined, end: () => undefined }
