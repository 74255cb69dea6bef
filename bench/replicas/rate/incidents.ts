/** What happens to replicas that spend on keys, and how long it takes. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Scene } from './scene.ts'
import { startStandby } from './standby.ts'

export interface Incident {
  readonly name: string
  /** Whether it is tried with whole replicas as well. */
  readonly happensToWhole?: boolean
  /** Before counting begins. What comes back is given on, and ended at the end. */
  readonly prepare?: (scene: Scene) => Promise<Prepared>
  /** What comes back: milliseconds until each key was asked again with, where nobody could ask for a while. */
  readonly happen: (scene: Scene, prepared: Prepared | undefined) => Promise<number | undefined>
}

export interface Prepared {
  readonly port: number
  readonly promote: () => Promise<void>
  readonly stop: () => Promise<void>
}

const UNDISTURBED_MS = 20_000
/** How long is looked on afterwards: leases of the dead run out within it. */
const AFTERWARDS_MS = 14_000
const HALTED_MS = 15_000
const CUT_OFF_MS = 25_000
const CRASHED_MS = 5_000
/** A standby is told to take over so long after the first server died. */
const NOTICED_MS = 1_000

const seconds = (ms: number): string => `${ms / 1_000} s`

/** Of whole replicas: what is decided by who spends, and not by the database. */
export const incidentsOfWhole = (): readonly Incident[] =>
  incidents.filter(({ happensToWhole }) => happensToWhole === true)

/** In this order: two of them are gone after the last. */
export const incidents: readonly Incident[] = [
  {
    name: 'undisturbed',
    happensToWhole: true,
    happen: async () => pause(UNDISTURBED_MS, undefined),
  },
  {
    name: `SIGSTOP of one for ${seconds(HALTED_MS)}`,
    happen: async ({ members: [halted] }) => {
      if (halted !== undefined) process.kill(halted.pid, 'SIGSTOP')
      await pause(HALTED_MS)
      if (halted !== undefined) process.kill(halted.pid, 'SIGCONT')
      return pause(AFTERWARDS_MS, undefined)
    },
  },
  {
    name: `one cut off from the database for ${seconds(CUT_OFF_MS)}`,
    happen: async ({ ways: [, way] }) => {
      way?.cut()
      await pause(CUT_OFF_MS)
      way?.mend()
      return pause(AFTERWARDS_MS, undefined)
    },
  },
  {
    name: `the database crashes, and is back after ${seconds(CRASHED_MS)}`,
    happen: async scene => {
      await scene.server.crash()
      await pause(CRASHED_MS)
      await scene.server.restart()
      return untilAllAsk(scene)
    },
  },
  {
    name: 'the database crashes, and a standby takes over',
    prepare: ({ server }) => startStandby(server.url),
    happen: async (scene, standby) => {
      await scene.server.crash()
      await pause(NOTICED_MS)
      await standby?.promote()
      if (standby !== undefined) scene.redirect(standby.port)
      return untilAllAsk(scene)
    },
  },
  {
    name: 'kill -9 of two',
    happensToWhole: true,
    happen: async ({ members }) => {
      for (const { kill } of members.slice(2)) kill()
      return pause(AFTERWARDS_MS, undefined)
    },
  },
]

/** Milliseconds until a request arrived with each key; then some time is let pass. */
const untilAllAsk = async ({ push }: Scene): Promise<number> => {
  const from = performance.now()
  const before = await push.counts()
  for (;;) {
    const now = await push.counts()
    const asked = (alias: string): number => now.get(alias)?.arrived ?? 0
    if ([...before].every(([alias, { arrived }]) => asked(alias) > arrived)) break
    if (performance.now() - from > AFTERWARDS_MS) return Infinity
    await pause(20)
  }
  const tookMs = performance.now() - from
  await pause(AFTERWARDS_MS)
  return tookMs
}
