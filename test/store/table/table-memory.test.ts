import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'

interface Weights {
  readonly row: number
  readonly rowWithIndexes: number
  readonly rowOfLongPage: number
  readonly longPage: number
  readonly emptyTable: number
}

/**
 * Bytes of heap, counted in a process that sweeps before it counts, sweeps and compiles in no other thread meanwhile, and
 * makes no machine code, which is on the heap, too: the same each time.
 */
const EXACTLY = ['--expose-gc', '--single-threaded', '--no-opt']

describe('a stored account', () => {
  let weights: Weights

  beforeAll(async () => {
    const program = join(import.meta.dirname, 'weighing-process.ts')
    const { stdout } = await promisify(execFile)(process.execPath, [...EXACTLY, program])
    weights = JSON.parse(stdout) as Weights
  })

  it('takes one object, one id, and its share of what others have too', () => {
    expect(weights.row).toBeLessThan(310)
    expect(weights.row).toBeGreaterThan(160)
  })

  it('takes little more where accounts are found by employee and by app', () => {
    expect(weights.rowWithIndexes).toBeLessThan(335)
  })

  it('does not hold on to the page that it came with', () => {
    expect(weights.longPage).toBeGreaterThan(200_000)
    expect(weights.rowOfLongPage).toBeLessThan(weights.longPage / 20)
  })

  it('pays for its table by the row: an empty one takes next to nothing', () => {
    expect(weights.emptyTable).toBeLessThan(20_000)
  })
})
