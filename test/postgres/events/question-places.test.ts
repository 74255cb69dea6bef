import { expect, test } from 'vitest'
import { createQuestionPlaces } from '../../../src/postgres/events/question-places.ts'

const { signal } = new AbortController()

test('who has fewest is let in first, and of those who came first', async () => {
  const places = createQuestionPlaces(2)
  const entered: string[] = []
  const leaves = new Map<string, () => void>()
  const come = (name: string, caller: string, until = signal): void => {
    void places.take(caller, until).then(leave => {
      entered.push(leave === undefined ? `${name} gave up` : name)
      if (leave !== undefined) leaves.set(name, leave)
    })
  }
  const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
  const left = new AbortController()
  for (const name of ['g1', 'g2', 'g3', 'g4']) come(name, 'greedy')
  come('gone', 'other', left.signal)
  come('o1', 'other')
  come('n1', 'new')
  left.abort()
  await settled()
  expect(entered).toEqual(['g1', 'g2', 'gone gave up'])
  for (const [leaving, entering] of [
    ['g1', 'o1'],
    ['o1', 'n1'],
    // Nobody has one by now, or nobody else waits.
    ['g2', 'g3'],
    ['n1', 'g4'],
  ] as const) {
    leaves.get(leaving)?.()
    await settled()
    expect(entered.at(-1)).toBe(entering)
  }
  expect(entered).toHaveLength(7)
})
