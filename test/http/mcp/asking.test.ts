/** How what tools ask counts. */
import { GraphQLError } from 'graphql'
import { expect, test } from 'vitest'
import { createAsking } from '../../../src/http/mcp/asking.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { createDoor } from '../../support/door.ts'

const log = { error: () => undefined, child: () => log } as never

test.each([
  ['by a request, which counts already', true, 2],
  ['by no request of its own', false, 3],
])('each operation that is asked for %s counts once', async (_, isCounted, knocks) => {
  const door = createDoor()
  let counted = 0
  const knock = (caller: string): void => {
    counted += 1
    door.knock(caller)
  }
  const asking = createAsking({
    execute: async () => ({ data: {} }),
    admission: { ...door, knock },
    ...{ audit: undefined, progressOf: undefined, clock: systemClock },
  })
  const { signal } = new AbortController()
  const by = { caller: 'ann', rights: undefined, requestId: 'a', log, trace: undefined }
  const ask = asking({ ...by, signal, isCounted })
  for (let times = 0; times < 3; times += 1)
    await ask({ query: '{ a }', variables: {} }, { signal })
  expect(counted).toBe(knocks)
})

test.each([
  ['nobody waits for it', true, []],
  ['somebody does', false, ['UPSTREAM_UNAVAILABLE']],
])('what fails while %s is told of as such', async (_, leaves, codes) => {
  const told: unknown[] = []
  const left = new AbortController()
  const asking = createAsking({
    execute: async () => {
      if (leaves) left.abort()
      const extensions = { code: 'UPSTREAM_UNAVAILABLE' }
      return { errors: [new GraphQLError('It was broken off', { extensions })] }
    },
    admission: createDoor(),
    audit: {
      operation: (notes, { isAborted }) => {
        told.push({ isAborted, codes: [...(notes.codes ?? [])] })
      },
    },
    ...{ progressOf: undefined, clock: systemClock },
  })
  const by = { caller: 'ann', rights: undefined, requestId: 'a', log, trace: undefined }
  const { signal } = new AbortController()
  const ask = asking({ ...by, signal, isCounted: true })
  await ask({ query: '{ a }', variables: {} }, { signal: left.signal })
  expect(told).toEqual([{ isAborted: leaves, codes }])
})
