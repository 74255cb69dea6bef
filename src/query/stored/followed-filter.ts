/** The filter of a subscription, which is asked of one row after another: read and made ready once. */
import { compileStored } from '../../filter/compile.ts'
import { everything, type Filter } from '../../filter/filter.ts'
import { readFilter } from '../../filter/read-filter.ts'
import { relatedTo } from '../../filter/relations-in.ts'
import type { Surroundings } from '../../filter/values.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { StoredRows } from '../../model/stored.ts'
import { isGiven } from '../../model/values.ts'
import { aliasOf } from '../operation/place.ts'

/** The lists that can be followed as they grow. */
export type StreamedList = 'events' | 'changes'

/** What it means at one moment. */
export interface FilterThen {
  readonly filter: Filter
  /** The collections that it looks into. */
  readonly related: readonly CollectionName[]
  /** Whether a row of that connector passes; `around` are the rows around it. */
  readonly test: (
    alias: string,
    around: () => Surroundings,
  ) => (row: StoredRows[StreamedList]) => boolean
}

export class FollowedFilter {
  readonly #list: StreamedList
  readonly #input: unknown
  #always: FilterThen | undefined

  /** As GraphQL coerced it; everything passes where it is absent. */
  constructor(list: StreamedList, input: unknown) {
    this.#list = list
    this.#input = input
  }

  /** @throws BadInputError with the path of what cannot be asked. */
  at(now: () => number): FilterThen {
    if (this.#always !== undefined) return this.#always
    let isOfMoment = false
    const moment = (): number => {
      isOfMoment = true
      return now()
    }
    const filter = isGiven(this.#input)
      ? readFilter(this.#list, this.#input, { now: moment, path: 'filter' })
      : everything
    const then = this.#made(filter)
    if (!isOfMoment) this.#always = then
    return then
  }

  #made(filter: Filter): FilterThen {
    const related = [...new Set(Array.from(relatedTo(filter), ({ to }) => to))]
    const compiled = (around: Surroundings) => compileStored(filter, this.#list, around)
    if (related.length > 0) return { filter, related, test: (_alias, around) => compiled(around()) }
    const tests = new Map<string, ReturnType<typeof compiled>>()
    const test = (alias: string): ReturnType<typeof compiled> => {
      const known = tests.get(alias)
      if (known !== undefined) return known
      const made = compiled(alone(alias))
      tests.set(alias, made)
      return made
    }
    return { filter, related, test }
  }
}

/** Around a row of which alone is asked. */
const alone = (alias: string): Surroundings => ({
  connectorAlias: aliasOf(alias),
  one: () => undefined,
  many: () => [],
  version: () => 0,
})
