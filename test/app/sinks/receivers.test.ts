/** A real server that sends to one receiver of each kind at once, and is killed while they fail. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createRandom } from '../../support/clock.ts'
import { delivery, post } from '../../support/deliveries.ts'
import { directoryForTest } from '../../support/directory.ts'
import type { Serving } from '../../support/product.ts'
import { runsOr } from '../../support/runs.ts'
import { certificateFile } from '../../support/sinks/certificates.ts'
import { type AckDeed, type HecDeed, startHecServer } from '../../support/sinks/hec-server.ts'
import { type HttpDeed, startHttpReceiver } from '../../support/sinks/http-receiver.ts'
import { idOf } from '../../support/sinks/items.ts'
import { startSyslogReceiver, type SyslogDeed } from '../../support/sinks/syslog-receiver.ts'
import { serveSinks } from '../../support/sinks/serve-sinks.ts'
import { standInForTest } from '../../support/stand-in.ts'

/** How often it is killed: a long run sets PUSHGRAPH_TEST_RUNS. */
const LIVES = runsOr(3)
const EVENTS_IN_A_LIFE = 40

const random = createRandom(Number(process.env['PUSHGRAPH_TEST_SEED'] ?? 1))
const pick = <Deed>(deeds: readonly Deed[]): Deed =>
  deeds[Math.floor(random() * deeds.length)] as Deed

/** What is noticed only after a minute is left to long runs, and to the tests of each sender alone. */
const isLong = LIVES > 10
const hecDeeds: readonly HecDeed[] = [
  ...(['take', 'take', 'take', 'busy', 'reset', 'take and reset'] as const),
  ...(isLong ? (['lose'] as const) : []),
]
const ackDeeds: readonly AckDeed[] = [
  ...(['tell', 'tell', 'not yet', 'busy', 'reset'] as const),
  ...(isLong ? (['forget'] as const) : []),
]
const httpDeeds: readonly HttpDeed[] = [
  ...(['take', 'take', 'take', 'reset', 'take and reset', 'take and answer half'] as const),
]
const syslogDeeds: readonly SyslogDeed[] = [
  ...(['read', 'read', 'read', 'end early', 'reset', 'read and reset'] as const),
]

/** One of each kind; they fail until they are told to be good. */
const startReceivers = async (folder: string) => {
  let isGood = false
  const or =
    <Deed>(deeds: readonly Deed[], good: Deed) =>
    () =>
      isGood ? good : pick(deeds)
  const hec = await startHecServer({
    tls: true,
    batch: or(hecDeeds, 'take'),
    ack: or(ackDeeds, 'tell'),
  })
  const http = await startHttpReceiver({ secret: 'whsec_of_a_lake', deed: or(httpDeeds, 'take') })
  const syslog = await startSyslogReceiver({
    asksCertificate: true,
    deed: or(syslogDeeds, 'read'),
  })
  onTestFinished(async () => {
    await Promise.all([hec.close(), http.close(), syslog.close()])
  })
  const spool = join(folder, 'spool.ndjson')
  const ca = { caFile: certificateFile('ca.pem') }
  const client = {
    certFile: certificateFile('client.pem'),
    keyFile: certificateFile('client-key.pem'),
  }
  const sinks = [
    { name: 'splunk', kind: 'splunk-hec', url: hec.url, token: 'hec-token', ...ca },
    { name: 'lake', kind: 'http', url: http.url, secret: 'whsec_of_a_lake', gzip: true },
    { name: 'rsyslog', kind: 'syslog', host: 'localhost', port: syslog.port, ...ca, ...client },
    { name: 'spool', kind: 'file', path: spool },
  ]
  return {
    hec,
    http,
    syslog,
    settings: { sinks: sinks.map(sink => ({ since: 'beginning', ...sink })) },
    beGood: () => {
      isGood = true
    },
    /** What each has, in order, as often as it has it. */
    received: () => ({
      hec: hec.indexed,
      http: http.taken,
      syslog: syslog.received,
      file: existsSync(spool)
        ? readFileSync(spool, 'utf8')
            .split('\n')
            .slice(0, -1)
            .map(line => idOf(JSON.parse(line)))
        : [],
    }),
  }
}

/** Tells events in order, each until it is answered, or until the server is killed: those left of `waiting` were not. */
const tell = async (
  server: Serving,
  waiting: string[],
  isKilled: () => boolean = () => false,
): Promise<void> => {
  for (let id = waiting[0]; id !== undefined; id = waiting[0]) {
    const body = delivery({ id, timestamp: Math.floor(Date.now() / 1_000) })
    const answer = await post(server.url, body).catch(() => undefined)
    if (answer?.status === 200) waiting.shift()
    else if (isKilled()) return
  }
}

test('four receivers that fail get all from a server that is killed, and nothing again that it was told is there', async () => {
  const standIn = await standInForTest()
  const folder = directoryForTest()
  const receivers = await startReceivers(folder)
  writeFileSync(join(folder, 'sinks.json'), JSON.stringify(receivers.settings))

  const told: string[] = []
  const waiting: string[] = []
  /** Told of just when the server was killed. */
  const unsure = new Set<string>()
  for (let life = 0; life < LIVES; life += 1) {
    const ids = Array.from({ length: EVENTS_IN_A_LIFE }, (_, number) => `life-${life}-${number}`)
    told.push(...ids)
    waiting.push(...ids)
    const server = await serveSinks(folder, standIn)
    let isKilled = false
    const telling = tell(server, waiting, () => isKilled)
    // Somewhere among them, or a moment after the last one.
    const left = Math.floor(random() * EVENTS_IN_A_LIFE)
    await expect.poll(() => waiting.length, { interval: 1 }).toBeLessThanOrEqual(left)
    server.kill('SIGKILL')
    isKilled = true
    await server.ended
    await telling
    for (const { lastTold } of [receivers.hec, receivers.http])
      for (const id of lastTold()) unsure.add(id)
  }

  receivers.beGood()
  const last = await serveSinks(folder, standIn)
  await tell(last, waiting)
  await expect
    .poll(() => Object.values(receivers.received()).map(ids => new Set(ids).size), { interval: 50 })
    .toEqual([told.length, told.length, told.length, told.length])
  last.kill('SIGTERM')
  expect((await last.ended).exitCode).toBe(0)

  for (const ids of Object.values(receivers.received())) expect([...new Set(ids)]).toEqual(told)
  for (const { repeats } of [receivers.hec, receivers.http])
    expect(repeats.filter(id => !unsure.has(id))).toEqual([])
  // A frame may end where the server did.
  const { hec, http, syslog } = receivers
  expect([
    ...hec.flaws,
    ...http.flaws,
    ...syslog.flaws.filter(flaw => !flaw.startsWith('a frame is not whole')),
  ]).toEqual([])
})
