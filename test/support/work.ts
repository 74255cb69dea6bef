import { Turns, type TurnTime } from '../../src/work/turns.ts'
import { Work } from '../../src/work/work.ts'
import type { WorkOptions } from '../../src/work/work-options.ts'

/** A time that stands still, so that a turn never ends. */
const standing: TurnTime = {
  now: () => 0,
  cpu: () => 0,
  defer: callback => setImmediate(callback),
}

/** Work that is done in one turn, whatever it takes. */
export const workInOneTurn = (options: WorkOptions = {}): Work =>
  new Work({ turns: new Turns(standing), ...options })

/** A time that goes on by so much with each look: the more, the shorter the turns. */
export const hastyTurns = (msPerLook: number): Turns => {
  let now = 0
  return new Turns({
    now: () => (now += msPerLook),
    cpu: () => now,
    defer: callback => setImmediate(callback),
  })
}
