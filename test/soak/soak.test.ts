import { expect, test } from 'vitest'
import { runSoak } from '../../soak/run.ts'

test('a few seconds of everything at once break nothing', { timeout: 240_000 }, async () => {
  const { flaws, figures } = await runSoak({ seconds: 4, rate: 40, seed: 3, limiter: false })
  expect(flaws).toEqual([])
  expect(figures['deliveries taken, refused']).toMatch(/^[1-9]/)
})
