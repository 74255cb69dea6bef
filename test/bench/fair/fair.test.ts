/** A few hostile requests against the server as its users start it, beside honest callers: `npm run bench -- --only fair` in short. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Besieged, measureBeside, shareWhileNobodyAsks } from '../../../bench/fair/beside.ts'
import { startCaller } from '../../../bench/fair/caller.ts'
import { startHonest } from '../../../bench/fair/honest.ts'
import { hostileRequests } from '../../../bench/fair/requests.ts'
import { pushgraph } from '../../../bench/fair/servers.ts'
import { startStandIn } from '../../../bench/processes/stand-in.ts'

let besieged: Besieged
const stops: (() => Promise<void> | void)[] = []

beforeAll(async () => {
  const standIn = await startStandIn(0.5, { limiter: false, latencyMs: 1 })
  stops.push(standIn.stop)
  const { url, base, pid, cpuMs, questions, stop } = await pushgraph(
    standIn,
    standIn.makeData(),
    5_000,
  ).start()
  stops.push(stop)
  const hostile = await startCaller('127.0.2.1')
  const honest = startHonest(base, pid, questions)
  stops.push(hostile.stop, honest.stop)
  besieged = { url, pid, cpuMs, hostile, honest }
})

afterAll(async () => {
  for (const stop of stops.reverse()) await stop()
})

/** Long, since other tests run beside: how fast an answer comes is the bench's question. */
const hold = { holdMs: 600, afterMs: 100, answersWithinMs: 30_000 }
/** Percent of a processor: less is what the server does by itself. */
const RESTING = 20

/** By what they take: rows, groups, filters, texts, answers, memory of connections, threads that read. */
const chosen = [
  { name: 'there and back: employees, accounts, apps, four times over' },
  { name: '490 aliases of groups over six dimensions' },
  { name: '500 aliases × 999 comparisons, as a stream' },
  { name: '499 aliases of _service { sdl }' },
  { name: '500 aliases × 999 comparisons, over a WebSocket' },
  { name: '1,500 big queries on a WebSocket that is not read' },
  { name: '3,000 sockets that send all but the last byte of 1 MB', share: 0.2 },
  { name: 'stored events with any of 900 parts of an address' },
]

describe('one hostile caller', () => {
  test.each(chosen)(
    '$name: others are answered, memory holds, and its work ends',
    async ({ name, share = 1 }) => {
      const request = hostileRequests.find(of => of.name === name)
      if (request === undefined) throw new Error(`There is no ${name}`)

      const { survived, wrong, honestAnswers, peakMb } = await measureBeside(
        besieged,
        { ...request, make: size => request.make(share * size) },
        hold,
      )

      expect({ survived, wrong }).toEqual({ survived: true, wrong: [] })
      // How many they are is the machine's matter as well: held up for good they would be one or two.
      expect(honestAnswers).toBeGreaterThan(10)
      expect(peakMb).toBeLessThan(1_000)
      await expect.poll(() => shareWhileNobodyAsks(besieged, 300)).toBeLessThan(RESTING)
    },
  )
})
