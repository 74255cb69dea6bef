import { expect, test } from 'vitest'
import type { QuestionTerms } from '../../../src/events/events.ts'
import { emptySource } from '../../../src/loaders/stored.ts'
import { createOperation } from '../../../src/query/operation/operation.ts'
import { askedBy } from '../../../src/query/stored/asked-by.ts'
import { Turns } from '../../../src/work/turns.ts'
import { Work } from '../../../src/work/work.ts'
import { createFakeClock } from '../../support/clock.ts'

const stillTime = { now: () => 0, cpu: () => 0, defer: () => undefined }

test('questions have the turns of their caller, and take of the processor time of their operation', async () => {
  const turns = new Turns(stillTime)
  const asked: QuestionTerms[] = []
  const source = {
    ...emptySource,
    newest: async (terms?: QuestionTerms) => asked.push(terms as QuestionTerms),
  }
  const askOnce = async (caller: string): Promise<Work> => {
    const work = new Work({ turns, caller, maxCpuMs: 1_000 })
    const operation = createOperation({
      ...{ id: 'same', clock: createFakeClock(), work },
      ...{ freshness: { maxAgeMs: 0, staleMs: 0 }, maxRequests: 1, maxWaitMs: 1 },
    })
    await askedBy(source, operation).newest()
    return work
  }
  const [first, second] = [await askOnce('greedy'), await askOnce('greedy')]
  expect(asked.map(({ caller }) => caller)).toEqual(['greedy', 'greedy'])
  expect(new Set(asked.map(({ operation }) => operation)).size).toBe(2)
  asked[0]?.took?.(400)
  expect(asked.map(({ leftMs }) => leftMs())).toEqual([600, 1_000])
  expect([first.spentMs, second.spentMs]).toEqual([400, 0])
  // One that took the rest ends the others at once, wherever they are under way.
  expect(asked[0]?.signal?.aborted).toBe(false)
  asked[0]?.took?.(601)
  expect(asked[0]?.signal?.aborted).toBe(true)
  expect(first.failure).toMatchObject({ fields: { value: 1_001, max: 1_000 } })
  expect(second.failure).toBe(undefined)
})

test('questions end with their operation, whatever ends it, and so do its requests to Push', async () => {
  for (const ended of ['refused', 'left', 'left before', 'refused before'] as const) {
    const caller = new AbortController()
    const work = new Work({ turns: new Turns(stillTime), signal: caller.signal })
    const end = (): void => {
      if (ended.startsWith('left')) caller.abort()
      else work.end(new Error('too much'))
    }
    if (ended.endsWith('before')) end()
    const signals: (AbortSignal | undefined)[] = []
    const operation = createOperation({
      ...{ id: 'one', clock: createFakeClock(), work },
      ...{ freshness: { maxAgeMs: 0, staleMs: 0 }, maxRequests: 1, maxWaitMs: 1 },
    })
    const source = {
      ...emptySource,
      newest: async (terms?: QuestionTerms) => signals.push(terms?.signal),
    }
    await askedBy(source, operation).newest()
    signals.push(operation.callFor('one', 'accounts').signal)
    const isOver = ended.endsWith('before')
    expect(signals.map(signal => signal?.aborted)).toEqual([isOver, isOver])
    end()
    expect(signals.map(signal => signal?.aborted)).toEqual([true, true])
  }
})
