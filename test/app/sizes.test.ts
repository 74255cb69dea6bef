import { describe, expect, test } from 'vitest'
import { sizesOf } from '../../src/app/sizes.ts'
import { usualSizes } from '../../src/graphql/analysis/pricing.ts'
import { allRights, createRights } from '../../src/model/rights.ts'
import type { ConnectorStore } from '../../src/store/store.ts'

const rowsIn = new Map([
  ['acme', 1_000],
  ['globex', 20],
  ['initech', 300],
])
const connectors = new Map(
  [...rowsIn].map(([alias, rows]) => [
    alias,
    { expectedRows: () => rows } as unknown as ConnectorStore,
  ]),
)
/** As many events as rows. */
const counted = (isMeant: (alias: string) => boolean): number =>
  [...rowsIn].reduce((sum, [alias, rows]) => sum + (isMeant(alias) ? rows : 0), 0)

const sizes = sizesOf({ connectors }, { counted })
const two = createRights('two', ['read', 'events'], ['globex', 'initech'])
const none = createRights('none', ['read', 'events'], [])

describe.each([
  ['rows', (aliases: readonly string[] | undefined, of = two) => sizes.rows('apps', aliases, of)],
  ['stored', (aliases: readonly string[] | undefined, of = two) => sizes.stored(aliases, of)],
])('what a price reckons with: %s', (_, size) => {
  test('is of the connectors that the caller sees', () => {
    expect(size(undefined, allRights)).toBe(1_320)
    expect(size(undefined)).toBe(320)
    expect(size(undefined, none)).toBe(0)
  })

  test('is of those of them that it names, each once', () => {
    expect(size(['globex'])).toBe(20)
    expect(size(['globex', 'globex'])).toBe(20)
    expect(size([])).toBe(0)
  })

  test('tells nothing of one that it does not see, nor whether there is such a one', () => {
    for (const alias of ['acme', 'nobody']) {
      expect(size([alias])).toBe(0)
      expect(size([alias, 'globex'])).toBe(20)
      expect(size([alias, 'globex', 'initech'])).toBe(320)
    }
  })

  test('is of all that it sees where it names more than those: exactly so many, and one beyond', () => {
    expect(size(['globex', 'globex'])).toBe(20)
    // As many as are served in all, which it is not to learn.
    expect(size(['globex', 'globex', 'globex'])).toBe(320)
  })
})

test('events that nobody has counted yet are as many as usual', () => {
  const early = sizesOf({ connectors }, { counted: () => undefined })
  expect(early.stored(['globex'], two)).toBe(usualSizes.stored(['globex'], allRights))
})
