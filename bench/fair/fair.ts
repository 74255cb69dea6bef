/** Whether one hostile caller harms the others. */
import { startStandIn } from '../processes/stand-in.ts'
import type { Section } from '../report/section.ts'
import { generateRequests } from './generated.ts'
import { reportFair } from './report.ts'
import { hostileRequests } from './requests.ts'
import { peer, pushgraph, type Startable } from './servers.ts'
import { besiege, type Siege } from './siege.ts'

const EVENTS = 150_000
/** The peers are asked fewer: each is started anew again and again, which takes as long as the rest. */
const GENERATED = { own: 200, peer: 60 }
/** Who is not answered within that time after the hostile caller has left counts as not answered. */
const PATIENCE_MS = 5_000

/**
 * Pushgraph and its peers, each asked hostile requests beside honest callers; of the generated ones a share, 0 to 1, and
 * others for each seed. `word`: Pushgraph alone, beside the requests that have it in their name.
 */
export const measureFair = async (share: number, seed: number, word?: string): Promise<Section> => {
  const standIn = await startStandIn(1, { limiter: false, latencyMs: 5 })
  const data = standIn.makeData()
  const peers: readonly Startable[] = [
    peer('yoga', 'graphql-yoga with graphql-armor', data),
    peer('mercurius', 'mercurius with queryDepth and graphql-armor', data),
  ]
  const own = pushgraph(standIn, data, EVENTS)
  const startables = word === undefined ? [own, ...peers] : [own]
  try {
    const sieges: Siege[] = []
    for (const startable of startables)
      sieges.push(
        await besiege(startable, {
          requests: hostileRequests.filter(
            ({ name, everywhere }) =>
              (everywhere || !startable.isPeer) && name.includes(word ?? ''),
          ),
          generated: generateRequests(
            share * (startable.isPeer ? GENERATED.peer : GENERATED.own),
            startable.isPeer,
            seed,
          ).filter(({ name }) => name.includes(word ?? '')),
          groupOf: 10,
          hold: { holdMs: 1_500, afterMs: 1_000, answersWithinMs: PATIENCE_MS },
          generatedHold: {
            holdMs: startable.isPeer ? 250 : 500,
            afterMs: 50,
            answersWithinMs: PATIENCE_MS,
          },
          patienceMs: startable.isPeer ? 1_000 : 10_000,
        }),
      )
    return reportFair(sieges)
  } finally {
    await standIn.stop()
  }
}
