/** What outlives the sweeps of what is young, though nobody has it any more. */
import { setImmediate as pass } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type Sweep = (what: { readonly type: 'minor' | 'major' }) => void

/** More than all else takes meanwhile, and less than has V8 sweep the whole heap. */
const WEIGHT = 65_536
const TIMES = 20

/**
 * Has something made again and again, hangs a weight on it and lets go of it; how many of twenty are still there after the
 * young heap was swept three times. One or two may be, which a register of the loop still names.
 */
export const survivorsOf = async (make: () => Promise<object>): Promise<number> => {
  setFlagsFromString('--expose-gc')
  const sweep = runInNewContext('gc') as Sweep
  const weigh = (): number => process.memoryUsage().arrayBuffers
  // What is made once is made before.
  for (let time = 0; time < TIMES; time += 1) await make()
  sweep({ type: 'major' })
  const before = weigh()
  for (let time = 0; time < TIMES; time += 1) {
    Object.assign(await make(), { weight: new ArrayBuffer(WEIGHT) })
    await pass()
    sweep({ type: 'minor' })
  }
  for (let more = 0; more < 2; more += 1) {
    await pass()
    sweep({ type: 'minor' })
  }
  return Math.round((weigh() - before) / WEIGHT)
}
