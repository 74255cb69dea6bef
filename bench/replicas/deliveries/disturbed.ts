/** Webhooks that come to several replicas while one of them is killed and the database crashes. */
import { setTimeout as pause } from 'node:timers/promises'
import { figure } from '../../report/table.ts'
import { sendDeliveries, type Sent } from '../../webhooks/server.ts'
import type { Part } from '../part.ts'
import { startReplicasOf, stopAll, type Surroundings } from '../surroundings.ts'
import { startSubscribers } from './following.ts'
import { judge, type Judged } from './heard.ts'
import { nowhere, REPLICAS, urlsOf } from './steady.ts'
import { countStored, type StoredEvents } from './stored-events.ts'

const RATE = 500
const SECONDS = { short: 30, full: 60 }
/** Push sends again at once, and then after minutes; here sooner, so that there is more to do while things are amiss. */
const AGAIN_MS = 500
const CRASHED_MS = 3_000

interface Disturbed {
  readonly sent: Sent
  readonly heard: Judged
  readonly moves: number
  readonly events: StoredEvents
}

export const measureDisturbed = async (
  surroundings: Surroundings,
  isFull: boolean,
): Promise<Part> => {
  const seconds = isFull ? SECONDS.full : SECONDS.short
  const { server } = surroundings
  const database = await surroundings.create()
  const replicas = await startReplicasOf(REPLICAS, nowhere, database)
  try {
    const subscribers = await startSubscribers(replicas)
    try {
      const sending = sendDeliveries(urlsOf(replicas), 'amid', RATE * seconds, RATE, AGAIN_MS)
      await pause(seconds * 200)
      replicas.at(-1)?.kill()
      await pause(seconds * 200)
      await server.crash()
      await pause(CRASHED_MS)
      await server.restart()
      const sent = await sending
      const all = await subscribers.end()
      return report(seconds, {
        sent,
        heard: judge(
          sent.sent,
          all.map(({ heard }) => heard),
        ),
        moves: all.reduce((sum, { moves }) => sum + moves, 0),
        events: await countStored(database, 'amid'),
      })
    } finally {
      await subscribers.stop()
    }
  } finally {
    await stopAll(replicas)
  }
}

const report = (seconds: number, of: Disturbed): Part => {
  const { sent, heard, events } = of
  const lost = sent.sent - events.different
  const twice = events.stored - events.different
  const isWhole = lost + twice + heard.missing + heard.twice === 0 && heard.oneOrder
  return {
    table: {
      title: `${RATE} deliveries a second to ${REPLICAS} replicas for ${seconds} s, one of them killed, the database away for ${CRASHED_MS / 1_000} s`,
      columns: [
        ...['acknowledged', 'refused on the way', 'the last after s', 'lost', 'stored twice'],
        ...['subscribers’ moves', 'missing', 'twice', 'one order', 'promised'],
      ],
      rows: [
        [
          figure(sent.sent),
          figure(sent.refused),
          figure(sent.worst / 1_000),
          figure(lost),
          figure(twice),
          ...[of.moves, heard.missing, heard.twice].map(figure),
          heard.oneOrder ? 'yes' : 'NO',
          '0 lost, 0 twice',
        ],
      ],
    },
    figures: of,
    missed: isWhole
      ? []
      : [
          `deliveries amid a crash: of ${sent.sent} acknowledged ${lost} lost, ${twice} stored twice, to subscribers ` +
            `${heard.missing} missing, ${heard.twice} twice, ${heard.oneOrder ? 'one order' : 'several orders'}`,
        ],
  }
}
