/** How late receivers have what is stored, and how soon one that was dead has what it missed. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Section } from '../report/section.ts'
import { figure } from '../report/table.ts'
import { scratch, startServer } from '../webhooks/server.ts'
import { receiverNames, startReceivers } from './receivers.ts'
import type { ReceiverName, Receivers } from './receivers.ts'

const PER_SECOND = 500
const LAG_MS = 1_000
/** One that was dead for so long has what it missed after twice as long. */
const CAUGHT_UP_TIMES = 2
/** Nobody waits for what does not come. */
const PATIENCE_MS = 300_000

interface Lag {
  readonly way: string
  readonly receiver: ReceiverName
  readonly items: number
  readonly p50: number
  readonly p99: number
  readonly worst: number
}

/** `seconds`: for how long all are well, and then for how long one is dead. */
export const measureSinks = async (seconds: number): Promise<Section> => {
  const { directory, remove } = scratch()
  const receivers = await startReceivers(directory)
  const server = await startServer(directory, { PUSHGRAPH_CONFIG: receivers.config })
  const before = server.cpuMs()
  const steady = await server.send('steady', PER_SECOND * seconds, PER_SECOND)
  await untilAllHave(receivers, steady.sent)
  const cpuMs = server.cpuMs() - before
  const lags = lagsOf(receivers, 'all are well', receiverNames)

  receivers.splunkIsDead(true)
  const sending = server.send('dead', PER_SECOND * seconds * 2, PER_SECOND)
  await pause(seconds * 1_000)
  receivers.splunkIsDead(false)
  const backAt = performance.now()
  const caughtUpMs = await untilCaughtUp(receivers, backAt)
  const dead = await sending
  const lost = await untilAllHave(receivers, steady.sent + dead.sent)
  const others = receiverNames.filter(name => name !== 'splunk')
  const lagsBeside = lagsOf(receivers, 'Splunk is dead, and comes back', others)
  await server.stop()
  await receivers.close()
  remove()

  const all = [...lags, ...lagsBeside]
  const cpuShare = Math.round(cpuMs / seconds / 10)
  return {
    title: 'Sinks',
    method: `${PER_SECOND} deliveries a second for ${seconds} s go on as OCSF to four receivers at once: Splunk's HEC with acknowledgement, HTTP and syslog, each by TLS, and a file. Then Splunk breaks every connection for ${seconds} s, while as many go on to come. How late: from when a delivery was made until the receiver had it, by the receivers, which run beside the server on the same machine and check every item. The server took ${cpuShare}% of a processor while all were well.`,
    tables: [
      {
        title: 'How late they have it',
        columns: [
          'while',
          'receiver',
          'items',
          'ms (median)',
          'ms (p99)',
          'ms (worst)',
          'promised',
        ],
        rows: all.map(({ way, receiver, items, p50, p99, worst }) => [
          way,
          receiver,
          figure(items),
          ...[p50, p99, worst].map(ms => figure(Math.round(ms))),
          `p99 ${LAG_MS} ms`,
        ]),
      },
      {
        title: `One that was dead for ${seconds} s`,
        columns: ['caught up after s', 'promised s'],
        rows: [[figure(Math.round(caughtUpMs / 1_000)), figure(CAUGHT_UP_TIMES * seconds)]],
      },
    ],
    charts: [],
    figures: { lags: all, caughtUpMs, lost, cpuShare },
    missed: [
      ...all
        .filter(({ p99 }) => !(p99 < LAG_MS))
        .map(({ way, receiver, p99 }) => `${receiver}, while ${way}: p99 ${Math.round(p99)} ms`),
      ...(caughtUpMs > CAUGHT_UP_TIMES * seconds * 1_000
        ? [`caught up after ${Math.round(caughtUpMs / 1_000)} s`]
        : []),
      ...(lost > 0 ? [`${lost} items did not arrive`] : []),
      ...new Set(receivers.flaws()),
    ],
  }
}

/** How many do not arrive, of so many to each. */
const untilAllHave = async ({ received }: Receivers, count: number): Promise<number> => {
  const missing = (): number =>
    Object.values(received).reduce((sum, { ids }) => sum + count - ids.size, 0)
  const until = performance.now() + PATIENCE_MS
  while (missing() > 0 && performance.now() < until) await pause(50)
  return missing()
}

/** Milliseconds from then until Splunk gets something that is as new as promised. */
const untilCaughtUp = async ({ received }: Receivers, backAt: number): Promise<number> => {
  const { splunk } = received
  while (performance.now() < backAt + PATIENCE_MS) {
    const newest = splunk.lags.at(-1) ?? NaN
    if (splunk.lastAt > backAt && newest < LAG_MS) return splunk.lastAt - backAt
    await pause(10)
  }
  return PATIENCE_MS
}

/** Those of each since they were asked for last. */
const lagsOf = (
  { received }: Receivers,
  way: string,
  names: readonly ReceiverName[],
): readonly Lag[] => {
  const found = names.map(receiver => {
    const sorted = received[receiver].lags.toSorted((a, b) => a - b)
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
    return { way, receiver, items: sorted.length, p50: at(0.5), p99: at(0.99), worst: at(1) }
  })
  for (const { lags } of Object.values(received)) lags.length = 0
  return found
}
