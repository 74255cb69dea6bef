import { expect, test } from 'vitest'
import { systemClock } from '../../../src/model/clock.ts'
import { startHeartbeat } from '../../../src/postgres/connecting/heartbeat.ts'

test('the goodbye comes after a sign of life that is on its way, which would undo it', async () => {
  const asked: string[] = []
  const beat = Promise.withResolvers<readonly object[]>()
  const heartbeat = startHeartbeat({
    pools: {
      query: (_use: unknown, sql: string) => {
        asked.push(sql.startsWith('DELETE') ? 'goodbye' : 'sign')
        return sql.startsWith('DELETE') ? Promise.resolve([]) : (beat.promise as Promise<never>)
      },
    },
    replica: 'one',
    clock: systemClock,
    settings: () => ({}),
    onBeat: () => undefined,
  })
  const ended = heartbeat.end()
  await new Promise(resolve => setImmediate(resolve))
  expect(asked).toEqual(['sign'])
  beat.resolve([{ now: Date.now(), others: 0, made_at: 'then', differing: null }])
  await ended
  expect(asked.at(-1)).toBe('goodbye')
  expect(asked.filter(what => what === 'goodbye')).toHaveLength(1)
})
