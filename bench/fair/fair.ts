/** Whether one hostile caller harms the others. */
import { startStandIn } from '../processes/stand-in.ts'
import type { Section } from '../report/section.ts'
import { generateRequests } from './generated.ts'
import { reportFair } from './report.ts'
import { hostileRequests } from './requests.ts'
import { peer, pushgraph, type Startable } from './servers.ts'
import { besiege, type Siege } from './siege.ts'

const EVENTS = 150_000
const GENERATED = 200

/** Pushgraph and its peers, each asked hostile requests beside honest callers. */
export const measureFair = async (): Promise<Section> => {
  const standIn = await startStandIn(1, { limiter: false, latencyMs: 5 })
  const data = standIn.makeData()
  const startables: readonly Startable[] = [
    pushgraph(standIn, data, EVENTS),
    peer('yoga', 'graphql-yoga with graphql-armor', data),
    peer('mercurius', 'mercurius with queryDepth and graphql-armor', data),
  ]
  try {
    const sieges: Siege[] = []
    for (const startable of startables)
      sieges.push(
        await besiege(startable, {
          requests: hostileRequests.filter(({ everywhere }) => everywhere || !startable.isPeer),
          generated: generateRequests(GENERATED, startable.isPeer),
          groupOf: 10,
          hold: { holdMs: 1_500, afterMs: 1_000 },
          generatedHold: { holdMs: startable.isPeer ? 250 : 500, afterMs: 50 },
          patienceMs: startable.isPeer ? 1_000 : 10_000,
        }),
      )
    return reportFair(sieges)
  } finally {
    await standIn.stop()
  }
}
