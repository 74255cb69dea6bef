import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile } from '../../src/filter/compile.ts'
import { readFilter } from '../../src/filter/read-filter.ts'
import { collectionNames } from '../../src/model/collections.ts'
import { datasets, filterInputs, NOW_SECONDS } from '../support/random-filters.ts'
import { referencePasses } from '../support/reference-filter.ts'
import { surroundingsOf } from '../support/surroundings.ts'

describe('a compiled filter', () => {
  it.each(collectionNames)('passes the %s that the plainly written reference passes', name => {
    fc.assert(
      fc.property(datasets, filterInputs(name), (data, input) => {
        const around = surroundingsOf(data, 'Default')
        const test = compile(
          readFilter(name, input, { now: () => NOW_SECONDS * 1_000 }),
          name,
          around,
        )
        const world = { data, connectorAlias: 'Default', nowSeconds: NOW_SECONDS }
        for (const row of data[name])
          expect(test(row)).toBe(referencePasses(world, name, input, row))
      }),
      { numRuns: 2_000 },
    )
  })
})
