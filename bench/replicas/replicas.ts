/** What several replicas over one PostgreSQL promise: requests, starts, webhooks, waits, stored events, an outage, sizes. */
import type { Section } from '../report/section.ts'
import { measureBeside } from './beside.ts'
import { measureCold } from './cold.ts'
import { measureDeliveries } from './deliveries.ts'
import { measureKnown } from './known.ts'
import { measureOutage } from './outage.ts'
import type { Part } from './part.ts'
import { measureSizes } from './sizes.ts'
import { EVENTS, measureStored } from './stored.ts'
import { startSurroundings } from './surroundings.ts'

export const measureReplicas = async (): Promise<Section> => {
  const surroundings = await startSurroundings()
  try {
    const cold = await measureCold(surroundings)
    const known = await measureKnown(surroundings)
    const deliveries = await measureDeliveries(surroundings)
    const beside = await measureBeside(surroundings)
    const stored = await measureStored(surroundings)
    const sizes = await measureSizes(surroundings, stored.database, EVENTS)
    // The last: what is not logged is gone afterwards.
    const outage = await measureOutage(surroundings)
    return toSection({ cold, known, deliveries, beside, stored, outage, sizes })
  } finally {
    await surroundings.stop()
  }
}

const toSection = (parts: Readonly<Record<string, Part>>): Section => ({
  title: 'Several replicas',
  method: `Each replica is a process as \`npm start\` starts it, all over one PostgreSQL 18 of npm that waits for its disk
(\`PUSHGRAPH_DATABASE_URL\`), each measurement with a database of its own; replicas, database, stand-in and whoever asks share the
processors of this one machine. Cold replicas and those beside scans have Push's limit; where a replica starts later, the first one reads
without it. Deliveries come signed, in turn to each replica, on time whether the last was answered or not; a subscriber has an event
when it stands in its stream, and the lag is that of the last subscriber. The wait for the limit is the replica's own figure
(\`pushgraph_upstream_wait_seconds\`). The events in the database are those of the file, taken over by \`pushgraph import\`; the promises are
for a million. The database goes away by kill -9 of all its processes, and is back once it accepts connections.`,
  tables: Object.values(parts).map(({ table }) => table),
  charts: [],
  figures: Object.fromEntries(Object.entries(parts).map(([name, { figures }]) => [name, figures])),
  missed: Object.values(parts).flatMap(({ missed }) => missed),
})
