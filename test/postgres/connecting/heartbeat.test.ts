import { describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/model/clock.ts'
import { startHeartbeat } from '../../../src/postgres/connecting/heartbeat.ts'
import { createFakeClock } from '../../support/clock.ts'

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

describe('by how much the database is ahead', () => {
  /** One whose answers are as quick, by the offset of the database's clock. */
  const beating = async () => {
    const clock = createFakeClock()
    let offsetMs = 0
    const heartbeat = startHeartbeat({
      pools: {
        query: () =>
          Promise.resolve([
            { now: clock.now() + offsetMs, others: 0, made_at: 'then', differing: null },
          ] as never[]),
      },
      replica: 'one',
      clock,
      settings: () => ({}),
      onBeat: () => undefined,
    })
    await heartbeat.first
    return {
      offset: () => Math.round(heartbeat.offsetMs()),
      set: async (to: number) => {
        offsetMs = to
        await clock.advance(500)
      },
    }
  }

  test('goes by the newest answer as soon as a clock was set, or another server answers', async () => {
    const { offset, set } = await beating()
    expect(Math.abs(offset())).toBeLessThan(1_000)
    await set(3_600_000)
    expect(Math.abs(offset() - 3_600_000)).toBeLessThan(1_000)
    await set(-5_000)
    expect(Math.abs(offset() + 5_000)).toBeLessThan(1_000)
  })
})
