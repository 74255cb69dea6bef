/** Whether several replicas spend what each key has, and never more, whatever happens to them and to their database. */
import { setTimeout as pause } from 'node:timers/promises'
import { figure } from '../../report/table.ts'
import type { Part } from '../part.ts'
import { LIMITS } from '../push/push.ts'
import type { Surroundings } from '../surroundings.ts'
import { type Incident, incidents, incidentsOfWhole, type Prepared } from './incidents.ts'
import { MEMBERS, type Scene, startReducedScene, startWholeScene } from './scene.ts'

/** Whole replicas, with whoever asks them, take the processors of one machine with no more. */
const KEYS = { reduced: 20, whole: 5 }
const PROMISED = { share: 0.97, resumedMs: 5_000 }
/** Bursts are over by then, and a bucket of which nothing was known has filled. */
const SETTLED_MS = 4_000

interface Outcome {
  readonly name: string
  readonly seconds: number
  readonly arrived: number
  readonly overLimit: number
  /** Of all that the keys have in that time; and of the key that got the least. */
  readonly share: number
  readonly leastShare: number
  /** That Push's own bucket of any key came down to. */
  readonly lowest: number
  readonly resumedMs: number | undefined
}

export const measureRate = async (
  surroundings: Surroundings,
): Promise<Readonly<Record<string, Part>>> => {
  const whole = await startWholeScene(surroundings, KEYS.whole)
  const ofWhole = await watchAll(whole, KEYS.whole, incidentsOfWhole())
  const reduced = await startReducedScene(surroundings, KEYS.reduced)
  const ofReduced = await watchAll(reduced, KEYS.reduced, incidents)
  return {
    reduced: report('reduced replicas', KEYS.reduced, ofReduced),
    whole: report('whole replicas', KEYS.whole, ofWhole),
  }
}

const watchAll = async (
  scene: Scene,
  keys: number,
  all: readonly Incident[],
): Promise<readonly Outcome[]> => {
  const outcomes: Outcome[] = []
  const ends: (() => Promise<void>)[] = []
  try {
    for (const { prepare, ...incident } of all) {
      const prepared = await prepare?.(scene)
      if (prepared !== undefined) ends.push(prepared.stop)
      outcomes.push(await watch(scene, keys, incident, prepared))
    }
  } finally {
    await scene.stop()
    for (const end of ends) await end()
  }
  return outcomes
}

const watch = async (
  scene: Scene,
  keys: number,
  { name, happen }: Incident,
  prepared: Prepared | undefined,
): Promise<Outcome> => {
  const { push } = scene
  await pause(SETTLED_MS)
  await push.reset()
  const from = performance.now()
  const resumedMs = await happen(scene, prepared)
  const counts = [...(await push.counts()).values()]
  const seconds = (performance.now() - from) / 1_000
  const arrived = counts.map(of => of.arrived)
  const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0)
  return {
    ...{ name, seconds, resumedMs },
    arrived: sum(arrived),
    overLimit: sum(counts.map(({ overLimit }) => overLimit)),
    share: sum(arrived) / (LIMITS.rate * seconds * keys),
    leastShare: Math.min(...arrived) / (LIMITS.rate * seconds),
    lowest: Math.min(...counts.map(({ lowest }) => lowest)),
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

const report = (what: string, keys: number, outcomes: readonly Outcome[]): Part => {
  const [undisturbed] = outcomes
  return {
    table: {
      title: `${MEMBERS} ${what} × ${keys} keys, each with ${LIMITS.rate} requests a second and a burst of ${LIMITS.burst}`,
      columns: [
        ...['what happens', 's', 'requests', '429s', 'lowest level of Push’s bucket'],
        ...['of the rate', 'of the least key’s', 'each key again after ms', 'promised'],
      ],
      rows: outcomes.map(of => [
        of.name,
        figure(Math.round(of.seconds)),
        figure(of.arrived),
        figure(of.overLimit),
        of.lowest.toFixed(1),
        percent(of.share),
        percent(of.leastShare),
        of.resumedMs === undefined ? '' : figure(Math.round(of.resumedMs)),
        of === undisturbed
          ? `0 429s, ${percent(PROMISED.share)}`
          : of.resumedMs === undefined
            ? '0 429s'
            : `0 429s, ${figure(PROMISED.resumedMs)} ms`,
      ]),
    },
    figures: outcomes,
    missed: outcomes.flatMap(of => [
      ...(of.overLimit > 0 ? [`rate of ${what}, ${of.name}: ${of.overLimit} 429s`] : []),
      ...(of === undisturbed && of.share < PROMISED.share
        ? [`rate of ${what}, ${of.name}: ${percent(of.share)} of the rate`]
        : []),
      ...(of.resumedMs !== undefined && of.resumedMs > PROMISED.resumedMs
        ? [`rate of ${what}, ${of.name}: asked again after ${Math.round(of.resumedMs)} ms`]
        : []),
    ]),
  }
}
