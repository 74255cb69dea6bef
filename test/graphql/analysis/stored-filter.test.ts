import { expect, test } from 'vitest'
import { lookedAtBy } from '../../../src/graphql/analysis/stored-filter.ts'

test.each([
  [64, 64],
  [65, Infinity],
])('%i ways of an "or" are taken by their index: %d values', (ways, values) => {
  const or = Array.from({ length: ways }, (_, index) => ({ email: { eq: `${index}@x.example` } }))
  expect(lookedAtBy({ or }, new Map()).values).toBe(values)
})
