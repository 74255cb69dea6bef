import { expect, it } from 'vitest'
import { RememberedAnswers } from '../../src/filter/remembered-answers.ts'

it('asks about each row once, as long as nothing changes, and each test by itself', () => {
  let version = 1
  let found = 0
  const answers = new RememberedAnswers(() => version)
  const asked: string[] = []
  const rows = Array.from({ length: 500 }, (_, index) => ({ index }))
  const testOf = (name: string, passes: (index: number) => boolean) =>
    answers.of(
      'accounts',
      row => {
        const { index } = row as (typeof rows)[number]
        asked.push(`${name} ${index}`)
        return passes(index)
      },
      () => (found += 1),
    )
  const isEven = testOf('even', index => index % 2 === 0)
  const isLate = testOf('late', index => index >= 250)

  for (let time = 0; time < 3; time += 1) {
    // Met in one order by the one, and in another by the other.
    expect(rows.filter(isEven)).toHaveLength(250)
    expect(rows.toReversed().filter(isLate)).toHaveLength(250)
    expect([asked.length, found]).toEqual([1_000, 1_000])
  }
  version = 2
  expect(rows.toReversed().filter(isEven)).toHaveLength(250)
  expect(rows.filter(isLate).map(({ index }) => index)[0]).toBe(250)
  expect(asked).toHaveLength(2_000)
})

it('knows a row of one list from one of another', () => {
  const answers = new RememberedAnswers(() => 1)
  const [one, other] = [{ id: 'a' }, { id: 'a' }]
  const isOne = answers.of(
    'apps',
    row => row === one,
    () => undefined,
  )
  const isOther = answers.of(
    'employees',
    row => row === other,
    () => undefined,
  )
  for (let time = 0; time < 2; time += 1)
    expect([isOne(one), isOther(one), isOne(other), isOther(other)]).toEqual([
      true,
      false,
      false,
      true,
    ])
})
