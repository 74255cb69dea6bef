import { expect, onTestFinished, test } from 'vitest'
import { createTallies, nothingHeld, tallyGroups } from '../../src/events/counting.ts'
import { openEventFile } from '../../src/events/event-file.ts'
import type { CountQuery } from '../../src/events/queries.ts'
import { finish } from '../../src/events/question-work.ts'
import { createRowTests } from '../../src/events/row-tests.ts'
import { createWriting } from '../../src/events/writing.ts'
import { everything } from '../../src/filter/filter.ts'
import { delivery, eventOf } from '../support/deliveries.ts'

const LIMITS = { groups: 10_000, characters: 16_777_216 }
const letters = (count: number): string => 'x'.repeat(count)

const fill = (tallies: ReturnType<typeof createTallies>, count: number, key = ''): void => {
  for (let n = 0; n < count; n += 1) tallies.add([`${key}${n}`], 1)
}

test('questions side by side keep so many groups in all, and each a few whatever the others do', () => {
  const held = nothingHeld()
  const [one, other] = [createTallies(LIMITS, held), createTallies(LIMITS, held)]
  fill(one, 5_000)
  fill(other, 5_000)
  // All that there is room for is taken: each has its few.
  expect(() => other.add(['another'], 1)).toThrow(/at the same time/)
  one.add(['0'], 1)
  one.end()
  other.end()
  expect(held).toEqual(nothingHeld())
  const next = createTallies(LIMITS, held)
  fill(next, 10_000)
  expect(held.groups).toBe(10_000)
})

test('where questions are very many, each keeps its share whatever the others do', () => {
  const held = nothingHeld()
  const all = Array.from({ length: 100 }, () => createTallies(LIMITS, held))
  const [first, ...others] = all
  for (const other of others) fill(other, 50)
  if (first !== undefined) fill(first, 10_000 - held.groups)
  for (const one of all) expect(() => one.add(['another'], 1)).toThrow(/at the same time/)
})

test('the same holds for the letters of their keys', () => {
  const held = nothingHeld()
  const limits = { groups: 200_000, characters: 4_000_000 }
  const [one, other] = [createTallies(limits, held), createTallies(limits, held)]
  other.add([letters(3_600_000)], 1)
  // Beyond what all may keep, but no more than what each may.
  one.add([letters(500_000)], 1)
  expect(() => one.add([letters(30_000)], 1)).toThrow(/at the same time/)
})

test('a question keeps two hundred thousand groups, and keys of sixteen mebibytes', () => {
  const [groups, keys] = [createTallies(), createTallies()]
  fill(groups, 200_000)
  expect(() => groups.add(['another'], 1)).toThrow(
    expect.objectContaining({
      code: 'BUDGET_EXCEEDED',
      fields: { limit: 'groups', value: 200_001, max: 200_000 },
    }),
  )
  // A key stands in brackets and quotes.
  keys.add([letters(16_777_216 - 4)], 1)
  expect(() => keys.add([], 1)).toThrow(/more than 16777216 characters of groups/)
})

test('whatever others keep, a question has five thousand groups, and keys of half a mebibyte', () => {
  const held = nothingHeld()
  const many = createTallies(undefined, held)
  fill(many, 199_000)
  many.add([letters(16_777_216 - held.characters - 4)], 1)
  const few = createTallies(undefined, held)
  fill(few, 5_000)
  expect(() => few.add(['another'], 1)).toThrow(/at the same time/)
  few.end()
  const long = createTallies(undefined, held)
  long.add([letters(524_288 - 4)], 1)
  long.end()
  const longer = createTallies(undefined, held)
  expect(() => longer.add([letters(524_289 - 4)], 1)).toThrow(/at the same time/)
})

test('what a question holds, it holds no more once it is answered or refused', () => {
  const file = openEventFile(':memory:')
  onTestFinished(() => {
    file.close()
  })
  const events = Array.from({ length: 20 }, (_, n) =>
    eventOf(delivery({ id: `event-${n}` }), { receivedAt: 1_000 + n }),
  )
  createWriting(file).append(events)
  const reading = { database: file, tests: createRowTests(file) }
  const held = nothingHeld()
  const query: CountQuery = {
    list: 'events',
    parts: [{ connectors: ['default'], filter: everything }],
    by: [{ kind: 'field', field: 'id' }],
    first: undefined,
  }
  expect(finish(tallyGroups(reading, query, 20, held))).toHaveLength(20)
  expect(held).toEqual(nothingHeld())
  expect(() =>
    finish(tallyGroups(reading, query, 20, held, { groups: 10, characters: 1_000 })),
  ).toThrow(/more than 10 groups/)
  expect(held).toEqual(nothingHeld())
})
