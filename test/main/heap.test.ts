import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

/** Makes much that is soon of no use, and tells how large the room for what is young became, within and behind it. */
const MEASURE = `
  import { getHeapSpaceStatistics } from 'node:v8'
  import { inSmallHeap } from ${JSON.stringify(new URL('../../src/main/heap.ts', import.meta.url).href)}
  const work = async () => {
    let most = 0
    for (let round = 0; round < 40; round += 1) {
      const kept = Array.from({ length: 40_000 }, (_, index) => ({ index, text: 'x' + index }))
      const young = getHeapSpaceStatistics().find(of => of.space_name === 'new_space')
      most = Math.max(most, kept.length && young.space_size)
    }
    return most
  }
  console.log(JSON.stringify([await inSmallHeap(work), await work()]))
`

test('what is young gets little room while much of it is made, and as much as ever behind that', () => {
  // Room as on a machine with much memory, whatever this one has.
  const flags = ['--max-semi-space-size=64', '--input-type=module', '--eval', MEASURE]
  const told = execFileSync(process.execPath, flags, { encoding: 'utf8' })
  const [within = NaN, behind = NaN] = JSON.parse(told) as readonly number[]
  // How much it takes within hangs on when it is swept: measured 5 to 16 MB, where it takes 64 or more without the rule.
  expect(within).toBeGreaterThan(0)
  expect(behind).toBeGreaterThan(2 * within)
})
