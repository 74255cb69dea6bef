/** One server after the other hostile request, with honest callers beside, started anew where it does not come back. */
import { setTimeout as pause } from 'node:timers/promises'
import type { HostileRequest } from './attack.ts'
import {
  type Beside,
  type Besieged,
  type Hold,
  measureBeside,
  shareWhileNobodyAsks,
} from './beside.ts'
import { type HostileCaller, startCaller } from './caller.ts'
import { startHonest } from './honest.ts'
import type { Startable, Started } from './servers.ts'
import { isAlive } from './watched.ts'

export interface Measured extends Beside {
  /** Of one processor, 1 s after the hostile caller had left, in percent; what it takes at rest is not in it. */
  readonly stillRunning: number
  /** Whether it rested in the end; false where it was ended because it did not. */
  readonly rested: boolean
}

export interface Siege {
  readonly server: string
  /** Percent of a processor that it takes while nobody asks. */
  readonly restShare: number
  readonly hostile: readonly Measured[]
  readonly generated: readonly Measured[]
  readonly restarts: number
}

export interface SiegePlan {
  readonly requests: readonly HostileRequest[]
  /** Measured in groups, of which each is seen to rest after the last. */
  readonly generated: readonly HostileRequest[]
  readonly groupOf: number
  readonly hold: Hold
  readonly generatedHold: Hold
  /** For how long the server may go on to work after its caller has left. */
  readonly patienceMs: number
}

/** Less is what a server does by itself. */
const RESTING = 20
const WINDOW_MS = 300

/** Asks a server all that, one request after the other. */
export const besiege = async (startable: Startable, plan: SiegePlan): Promise<Siege> => {
  const hostile = await startCaller('127.0.2.1')
  let { started, besieged } = await open(startable, hostile)
  let restarts = 0
  try {
    const restShare = await shareWhileNobodyAsks(besieged, 3 * WINDOW_MS)
    const reopen = async (): Promise<void> => {
      await close(started, besieged)
      restarts += 1
      ;({ started, besieged } = await open(startable, hostile))
    }
    const group = async (requests: readonly HostileRequest[], hold: Hold): Promise<Measured[]> => {
      const beside: Beside[] = []
      for (const request of requests) {
        beside.push(await measureBeside(besieged, request, hold))
        if (!(beside.at(-1)?.survived ?? false)) break
      }
      const waited = Math.max(0, 1_000 - hold.afterMs)
      await pause(waited)
      const stillRunning = Math.max(
        0,
        (await shareWhileNobodyAsks(besieged, WINDOW_MS)) - restShare,
      )
      const rested = await rests(besieged, plan.patienceMs)
      if (!rested || !isAlive(besieged.pid)) await reopen()
      return beside.map(each => ({ ...each, stillRunning, rested }))
    }
    const measured: Measured[] = []
    for (const request of plan.requests) measured.push(...(await group([request], plan.hold)))
    const generated: Measured[] = []
    for (let first = 0; first < plan.generated.length;) {
      const done = await group(
        plan.generated.slice(first, first + plan.groupOf),
        plan.generatedHold,
      )
      generated.push(...done)
      first += done.length
    }
    return { server: startable.name, restShare, hostile: measured, generated, restarts }
  } finally {
    hostile.stop()
    await close(started, besieged)
  }
}

const open = async (
  startable: Startable,
  hostile: HostileCaller,
): Promise<{ started: Started; besieged: Besieged }> => {
  const started = await startable.start()
  const { url, base, pid, cpuMs, questions } = started
  const honest = startHonest(base, pid, questions)
  const besieged = { url, pid, cpuMs, hostile, honest }
  // What runs for the first time is slow everywhere.
  honest.resume()
  await pause(2_000)
  honest.pause()
  const wrong = (await honest.take(5_000)).find(sample => sample.wrong !== undefined)?.wrong
  if (wrong !== undefined) throw new Error(`${startable.name}, with nobody beside: ${wrong}`)
  await rests(besieged, 5_000)
  return { started, besieged }
}

const close = async (started: Started, { honest, pid }: Besieged): Promise<void> => {
  honest.stop()
  // It may be busy for minutes.
  if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  await started.stop()
}

const rests = async (besieged: Besieged, patienceMs: number): Promise<boolean> => {
  const until = performance.now() + patienceMs
  while ((await shareWhileNobodyAsks(besieged, WINDOW_MS)) >= RESTING)
    if (performance.now() > until) return false
  return true
}
