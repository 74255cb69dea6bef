import { expect, test } from 'vitest'
import { runKills } from '../../soak/kills/kills.ts'

test('what a killed server left behind brings no wrong answer', { timeout: 240_000 }, async () => {
  const { flaws, figures } = await runKills({ kills: 3, seed: 5 })
  expect(flaws).toEqual([])
  expect(figures['compared with the data of Push']).toMatch(/^[1-9]/)
})
