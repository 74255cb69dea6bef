/** What several replicas over one PostgreSQL promise, each piece of it a part of the bench of its own. */
import type { Section } from '../report/section.ts'
import { measureBeside } from './beside.ts'
import { measureCold } from './cold.ts'
import { measureBursts } from './deliveries/bursts.ts'
import { measureDisturbed } from './deliveries/disturbed.ts'
import { measureSteady } from './deliveries/steady.ts'
import { measureConnectors } from './connectors.ts'
import { measureKnown } from './known.ts'
import { measureOutage } from './outage/outage.ts'
import type { Piece, PieceOptions } from './part.ts'
import { measureRate } from './rate/rate.ts'
import { measureSizes } from './sizes.ts'
import { measureStored } from './stored.ts'
import { startSurroundings } from './surroundings.ts'
import { measureWithout } from './without.ts'

const group = {
  title: 'Several replicas',
  method: `Each replica is a process as \`npm start\` starts it, all over one PostgreSQL 18 of npm that waits for its disk
(\`PUSHGRAPH_DATABASE_URL\`), each measurement with a database of its own; replicas, database, stand-in and whoever asks share the
processors of this one machine. Each of these parts can be measured alone: \`npm run bench -- --only replicas:cold\`.`,
}

const pieces: Readonly<Record<string, Piece>> = {
  cold: {
    title: 'Cold replicas',
    method:
      "None has read anything, all have Push's limit together, and all are asked at one time.",
    measure: async surroundings => ({ cold: await measureCold(surroundings) }),
  },
  rate: {
    title: 'The limit of each key',
    method: `A simulated Push in one process: each key has a strict bucket of its own, a request is on its way for 0 to 60 ms and
judged when it arrives, and its answer is on its way as long. With all 20 keys four processes read without a pause, four requests each
at a time. They are replicas reduced to what spends on keys, the client with its limiter and the buckets in the database:
200 requests a second through whole replicas, each for a caller of its own, take more than the two processors of this machine, and the
rate would be that of the machine; what may be sent, and when, is decided by the same code. Whole replicas are measured with
5 keys, each asked for one account after the other by three callers at each replica. The standby follows the log of the first server
and has caught up; it is told to take over a second after that died, and connections are led to it as by a name that leads
elsewhere. Cut off is who sends and hears nothing on connections that stay open.`,
    measure: async surroundings => measureRate(surroundings),
  },
  known: {
    title: 'A replica that comes later',
    method: `The first one reads without Push's limit. A stall is the processor time that the main thread takes in one piece while the answer
is waited for.`,
    measure: async surroundings => ({ known: await measureKnown(surroundings) }),
  },
  deliveries: {
    title: 'Deliveries and subscribers',
    method: `Deliveries come signed, in turn to each replica, on time whether the last was answered or not. A subscriber has an event
when it stands in its stream, the lag is that of the last subscriber, and each goes on at the next replica after a second, or when it is
cut off, with the cursor of the last event that it heard. Beyond the steady rate, what is refused or not answered is sent again after half a second, to the next
replica, until it is; lost is what was acknowledged and is not in the database afterwards. At the store of events, processes
without HTTP and signatures append what deliveries become: there the processors of one machine are the database's.`,
    measure: async (surroundings, { isFull }) => ({
      steady: await measureSteady(surroundings, isFull),
      bursts: await measureBursts(surroundings, isFull),
      // The last: what is not logged is gone afterwards.
      disturbed: await measureDisturbed(surroundings, isFull),
    }),
  },
  beside: {
    title: 'Somebody who waits beside scans',
    method: `All have Push's limit together. The wait for the limit is the replica's own figure
(\`pushgraph_upstream_wait_seconds\`).`,
    measure: async surroundings => ({ beside: await measureBeside(surroundings) }),
  },
  stored: {
    title: 'Stored events',
    method: `The events in the database are those of the file, taken over by \`pushgraph import\`. Each question is another text each time;
the first time counts by itself, and those after it by which a server that has just started compiles and the database plans what is
asked, do not: 99 pages, in half a second, and nine groupings.`,
    measure: async surroundings => {
      const stored = await measureStored(surroundings)
      return { stored, sizes: await measureSizes(surroundings, stored) }
    },
  },
  outage: {
    title: 'The database away',
    method: `The database goes away by kill -9 of all its processes, and is back once it accepts connections. It is away for a minute, or,
with \`--full\`, for the ten that are promised; meanwhile the same is looked at again and again: of warm answers the mean counts, of refusals the worst. Deliveries that were
refused are sent again afterwards. A subscriber is cut off, asks again after a second as long as it is refused, and goes on with
its cursor as above.`,
    measure: async (surroundings, { isFull }) => ({
      outage: await measureOutage(surroundings, isFull),
    }),
  },
  connectors: {
    title: 'A thousand connectors',
    method: `The simulated Push of above with 1,000 keys. First whole replicas serve all 1,000 connectors, each of which is then asked for
one account, at one of the replicas; memory is what the process has resident. Then the reduced replicas of above have all keys, of which 50
are busy at a time, others after each turn; the share is counted while a turn is under way.`,
    measure: async surroundings => measureConnectors(surroundings),
  },
  without: {
    title: 'Without a database',
    method: `That no figure is worse than before there was a database could only be said by the program of that time: \`npm run bench -- --only
replicas:without --before FOLDER\` measures it, from a checkout of it, beside this one. Without that, the same program is asked with and
without \`PUSHGRAPH_DATABASE_URL\`, in turns, the same questions of what is in memory, each with another variable each time or as the
same text; a server without a database runs none of what this is about, and all other parts of this page are measured without one.
What counts is the processor
time of an answer in the turn in which it took the least: what else the machine does only adds to it. A server without a database
is to take no more of it than the other, but for 3 %.`,
    measure: async (surroundings, options) => ({
      without: await measureWithout(surroundings, options),
    }),
  },
}

/** The parts by name, to be measured when they are called. */
export const replicaParts = (
  options: PieceOptions,
): Readonly<Record<string, () => Promise<Section>>> =>
  Object.fromEntries(
    Object.entries(pieces).map(([name, piece]) => [
      `replicas:${name}`,
      () => measurePiece(piece, options),
    ]),
  )

const measurePiece = async (
  { title, method, measure }: Piece,
  options: PieceOptions,
): Promise<Section> => {
  const surroundings = await startSurroundings()
  try {
    const parts = await measure(surroundings, options)
    return {
      title,
      group,
      method,
      tables: Object.values(parts).map(({ table }) => table),
      charts: [],
      figures: Object.fromEntries(
        Object.entries(parts).map(([name, { figures }]) => [name, figures]),
      ),
      missed: Object.values(parts).flatMap(({ missed }) => missed),
    }
  } finally {
    await surroundings.stop()
  }
}
