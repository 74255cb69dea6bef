/** How what tools ask counts. */
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
