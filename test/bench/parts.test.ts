import { expect, test } from 'vitest'
import { chooseParts } from '../../bench/parts.ts'

const names = ['start', 'replicas:cold', 'replicas:rate', 'replicas-old']

test.each([
  ['all where nothing is named', undefined, names],
  ['one by its name', 'start', ['start']],
  ['all that belong to a name, and no other that begins alike', 'replicas', names.slice(1, 3)],
  ['one of those', 'replicas:rate', ['replicas:rate']],
  [
    'several, each once',
    'replicas:rate,start,replicas',
    ['replicas:rate', 'start', 'replicas:cold'],
  ],
])('chooses %s', (_, only, chosen) => {
  expect(chooseParts(only, names)).toEqual(chosen)
})

test('says which parts there are where one is not', () => {
  expect(() => chooseParts('start,rate', names)).toThrow(
    'no part "rate": there are start, replicas:cold',
  )
})
