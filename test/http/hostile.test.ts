/** Whatever a caller sends, the server answers like one that knew it would come. `PUSHGRAPH_HOSTILE=20000` is the long form. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp, type PushgraphApp } from '../../src/app.ts'
import { readConfig } from '../../src/config/config.ts'
import { openEventFile } from '../../src/events/event-file.ts'
import { createWriting } from '../../src/events/writing.ts'
import { resolvers } from '../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema } from '../../src/graphql/schema/schema.ts'
import { createLog } from '../../src/http/logging/log.ts'
import { eventOf, sample, sampleNames } from '../support/deliveries.ts'
import {
  askByGet,
  askByPost,
  askBySocket,
  askByStream,
  postBody,
  type Verdict,
} from '../support/hostile/ask.ts'
import { hostileBody } from '../support/hostile/random-body.ts'
import { createHostileDocuments } from '../support/hostile/random-document.ts'

const isLong = process.env['PUSHGRAPH_HOSTILE'] !== undefined
const COUNT = Number(process.env['PUSHGRAPH_HOSTILE'] ?? 300)
const FIRST_SEED = Number(process.env['PUSHGRAPH_HOSTILE_SEED'] ?? 1)
/** Those that are asked for at the same time. */
const SIDE_BY_SIDE = 4
/** Up to the limits in the long form. */
const SIZE = isLong ? 1 : 0.1

const directory = mkdtempSync(join(tmpdir(), 'pushgraph-'))
let app: PushgraphApp
let url: string
const logged: string[] = []

beforeAll(async () => {
  const config = readConfig(
    {
      PORT: '0',
      PUSHGRAPH_DATA_DIR: directory,
      PUSHGRAPH_DEMO_SCALE: '0.05',
      // So that subscriptions have something to give.
      PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '600',
      PUSHGRAPH_DEMO_LATENCY_MS: '0',
      PUSHGRAPH_MUTATIONS: 'on',
      // What is refused for coming too soon was not tried.
      PUSHGRAPH_MAX_CALLER_RATE: '100000',
      PUSHGRAPH_MAX_CALLER_RATE_ALL: '100000',
      PUSHGRAPH_RATE: '1000',
      PUSHGRAPH_BURST: '1000',
    },
    directory,
  )
  storeSamples(join(directory, 'events.db'))
  const destination = { write: (line: string) => void logged.push(line) }
  app = await createApp(config, createLog({ level: 'error', readable: false, destination }))
  url = await app.listen()
})

afterAll(async () => {
  await app.stop(0)
  rmSync(directory, { recursive: true, force: true })
})

/** Stores events of each kind, a few times over. */
const storeSamples = (path: string): void => {
  const file = openEventFile(path)
  const stored = sampleNames.flatMap(name =>
    Array.from({ length: 30 }, (_, index) =>
      eventOf(sample(name), {
        id: `${name} ${index}`,
        occurredAt: 1_757_404_720 + index * 3_600,
        receivedAt: Math.floor(Date.now() / 1_000) - index,
      }),
    ),
  )
  createWriting(file).append(stored)
  file.close()
}

const documents = createHostileDocuments(
  createExecutableSchema(resolvers, undefined, { mutations: true }),
)
const ways = [askByPost, askByGet, askByStream, askBySocket]

/** What was wrong with the answers, with the seeds of what was asked. */
const ask = async (one: (seed: number) => Promise<Verdict>, count: number): Promise<string[]> => {
  const flaws: string[] = []
  let next = FIRST_SEED
  const run = async (): Promise<void> => {
    while (next < FIRST_SEED + count && flaws.length < 10) {
      const seed = next
      next += 1
      const flaw = await one(seed)
      if (flaw !== undefined) flaws.push(`seed ${seed}: ${flaw}`)
      for (const line of logged.splice(0)) flaws.push(`by seed ${seed}, or one beside it: ${line}`)
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, run))
  return flaws
}

test(
  'documents, valid, almost and hostile, are answered on every way without a bug',
  async () => {
    const flaws = await ask(seed => {
      const way = ways[seed % ways.length] ?? askByPost
      return way(url, documents(seed, SIZE))
    }, COUNT)
    expect(flaws).toEqual([])
  },
  isLong ? 3_600_000 : 60_000,
)

test(
  'so are bodies that are no request',
  async () => {
    const accepts = ['application/json', 'text/event-stream', '*/*', 'text/html']
    const flaws = await ask(
      seed => postBody(url, hostileBody(seed), accepts[seed % accepts.length]),
      COUNT / 5,
    )
    expect(flaws).toEqual([])
  },
  isLong ? 3_600_000 : 60_000,
)
