import { execFileSync } from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'
import v8 from 'node:v8'
import { expect, onTestFinished, test, vi } from 'vitest'
import { runCommand } from '../support/terminal.ts'

const COMMON = `
  import { getHeapSpaceStatistics } from 'node:v8'
  import { holdHeapDown, inSmallHeap } from ${JSON.stringify(new URL('../../src/main/heap.ts', import.meta.url).href)}
  const youngBytes = () => getHeapSpaceStatistics().find(of => of.space_name === 'new_space').space_size
`

/** Makes much that is soon of no use, and tells how large the room for what is young became, within and behind it. */
const MEASURE = `
  ${COMMON}
  const work = async () => {
    let most = 0
    for (let round = 0; round < 40; round += 1) {
      const kept = Array.from({ length: 40_000 }, (_, index) => ({ index, text: 'x' + index }))
      most = Math.max(most, kept.length && youngBytes())
    }
    return most
  }
  console.log(JSON.stringify([await inSmallHeap(work), await work()]))
`

/** Makes much of which some stays for a while, beside much that stays, so that the whole heap is swept while it is made. */
const WHILE_SWEPT = `
  ${COMMON}
  holdHeapDown()
  const rows = (count, word) => Array.from({ length: count }, (_, index) => ({ index, text: word + index }))
  const old = rows(1_500_000, 'x')
  const kept = []
  let most = 0
  for (let round = 0; round < 100; round += 1) {
    kept.push(rows(20_000, 'y'))
    if (kept.length > 20) kept.shift()
    most = Math.max(most, youngBytes())
    await new Promise(resolve => setImmediate(resolve))
  }
  console.log(old.length && most)
`

const run = (roomMb: number, program: string): string => {
  const flags = [`--max-semi-space-size=${roomMb}`, '--input-type=module', '--eval', program]
  return execFileSync(process.execPath, flags, { encoding: 'utf8' })
}

test('what is young keeps to its room while the whole heap is swept', () => {
  // Two halves of that; by itself V8 let it grow to 21 to 31 MB here.
  expect(Number(run(8, WHILE_SWEPT)) / 2 ** 20).toBeLessThanOrEqual(16)
})

test('what is young gets little room while much of it is made, and as much as ever behind that', () => {
  // Room as on a machine with much memory, whatever this one has.
  const told = run(64, MEASURE)
  const [within = NaN, behind = NaN] = JSON.parse(told) as readonly number[]
  // How much it takes within hangs on when it is swept: measured 5 to 16 MB, where it takes 64 or more without the rule.
  expect(within).toBeGreaterThan(0)
  expect(behind).toBeGreaterThan(2 * within)
})

const HELD_DOWN = ['--heap-growing-percent=50', '--no-separate-gc-phases']

test.each([
  ['serve', ['serve'], HELD_DOWN],
  [
    'export',
    ['export', '--format', 'none', '--out', '-'],
    [...HELD_DOWN, '--semi-space-growth-factor=1', '--semi-space-growth-factor=2'],
  ],
])('it is so while this runs: %s', async (_, command, flags) => {
  const set = vi.spyOn(v8, 'setFlagsFromString').mockReturnValue(undefined)
  syncBuiltinESMExports()
  onTestFinished(() => {
    set.mockRestore()
    syncBuiltinESMExports()
  })
  // Neither comes further than to its settings.
  const { exitCode } = await runCommand(command, { environment: { PORT: 'none' } })
  expect(exitCode).toBe(2)
  expect(set.mock.calls.map(([flag]) => flag)).toEqual(flags)
})
