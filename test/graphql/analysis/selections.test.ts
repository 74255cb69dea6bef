import { getOperationAST, parse } from 'graphql'
import { expect, test } from 'vitest'
import { fieldsIn, fragmentFinder, keyOf } from '../../../src/graphql/analysis/selections.ts'

test('fields of a fragment are told once, however often that is spread', () => {
  const levels = Array.from({ length: 18 }, (_, level) => level)
  const document = parse(
    `{ first: __typename ...f0 ... { ...f0 inner: __typename } }
    ${levels.map(level => `fragment f${level} on Query { ...f${level + 1} ...f${level + 1} }`).join(' ')}
    fragment f${levels.length} on Query { last: __typename }`,
  )
  const set = getOperationAST(document)?.selectionSet
  expect([...fieldsIn(set, fragmentFinder(document))].map(keyOf)).toEqual([
    'first',
    'last',
    'inner',
  ])
})
