/** How many answers from warm data a second, beside servers that have nothing else to do. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startChild } from '../processes/child.ts'
import { install } from '../processes/install.ts'
import { ask, type Server, startProduct } from '../processes/product.ts'
import { startStandIn } from '../processes/stand-in.ts'
import { median, type Section } from '../report/section.ts'
import { figure, ratio } from '../report/table.ts'
import { isSameAnswer } from '../requests/answers.ts'
import { createServingQuestions, type ServingQuestion } from './questions.ts'
import { toMemory } from './rows.ts'

const CONNECTIONS = 16
/** With all questions and servers in three rounds, this is what ten minutes for the whole bench leave. */
const SECONDS = 1

/** Pushgraph's own name in the tables; the others are peers. */
const OWN = 'pushgraph'
/** Not a peer but a part of ours: the pipeline that leads to all else than what is answered past it. */
const PIPELINE = 'Apollo Server with jit'

interface Load {
  readonly requestsPerSecond: number
  readonly requests: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly failed: number
  readonly cpuMsPerRequest: number
}

export const measureServing = async (rounds: number): Promise<Section> => {
  const folder = mkdtempSync(join(tmpdir(), 'pushgraph-bench-serving-'))
  const standIn = await startStandIn(1, { limiter: false, latencyMs: 5 })
  const data = standIn.makeData()
  const questions = createServingQuestions(data)
  const servers = new Map<string, Server>()
  try {
    const product = await startProduct(standIn, {
      dataDirectory: folder,
      // Rows are fresh for as long as the bench takes: reading them again is not what is measured here.
      environment: {
        PUSHGRAPH_RATE: '500',
        PUSHGRAPH_BURST: '500',
        PUSHGRAPH_MAX_AGE_S: '86400',
        // All is asked from one address.
        PUSHGRAPH_MAX_CALLER_RATE: '1000000',
        PUSHGRAPH_MAX_CALLER_RATE_ALL: '1000000',
      },
    })
    servers.set(OWN, product)
    for (const name of ['employees', 'accounts', 'apps'])
      await ask(product.url, { query: `{ ${name} { totalCount } }` })

    const rows = join(folder, 'rows.json')
    writeFileSync(rows, JSON.stringify(toMemory(data)))
    servers.set('graphql-yoga', await startPeer('yoga', [rows]))
    servers.set('mercurius', await startPeer('mercurius', [rows]))
    servers.set('mercurius with jit', await startPeer('mercurius', [rows, 'jit']))
    servers.set(
      PIPELINE,
      await startServer(fileURLToPath(new URL('apollo.mjs', import.meta.url)), [rows]),
    )

    const load = join(install('load'), 'load.mjs')
    // To the peers, a question asked again is the same as a varied one.
    for (const question of questions)
      for (const [name, server] of servers)
        if (name === OWN || question.varied) await press(load, server, question, 1)
    // Only now: a compiled query may answer otherwise than it did before it was compiled.
    for (const question of questions) await expectSameAnswers(question, servers)

    const loads = new Map(
      questions.map(question => [
        question,
        new Map([...servers.keys()].map(name => [name, [] as Load[]])),
      ]),
    )
    // In turns, so that whatever else the machine does strikes all alike.
    for (let round = 0; round < rounds; round++)
      for (const [question, ofServers] of loads)
        for (const [name, server] of servers)
          ofServers.get(name)?.push(await press(load, server, question, SECONDS))
    return report(loads, rounds)
  } finally {
    for (const server of servers.values()) await server.stop()
    await standIn.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const startPeer = async (name: string, programArguments: readonly string[]): Promise<Server> =>
  startServer(join(install(`peers/${name}`), 'server.mjs'), programArguments)

const startServer = async (
  program: string,
  programArguments: readonly string[],
): Promise<Server> => {
  const child = await startChild([program, ...programArguments], {
    environment: { NODE_ENV: 'production' },
    ready: /listening (\S+)/,
  })
  return { ...child, url: child.said }
}

const expectSameAnswers = async (
  { name: question, query, variables: all }: ServingQuestion,
  servers: ReadonlyMap<string, Server>,
): Promise<void> => {
  for (const variables of all.slice(0, 2)) {
    let first: unknown
    for (const [name, { url }] of servers) {
      const { data } = await ask(url, { query, variables })
      first ??= data
      if (!isSameAnswer(first, data))
        throw new Error(`${name} gives another answer to: ${question}`)
    }
  }
}

const press = async (
  load: string,
  server: Server,
  { query, variables, varied }: ServingQuestion,
  seconds: number,
): Promise<Load> => {
  const task = {
    url: server.url,
    bodies: variables.map(of => JSON.stringify({ query, variables: { ...of, turn: 0 } })),
    varied,
    connections: CONNECTIONS,
    seconds,
  }
  const before = server.cpuMs()
  const { stdout } = await promisify(execFile)(process.execPath, [load, JSON.stringify(task)])
  const measured = JSON.parse(stdout) as Omit<Load, 'cpuMsPerRequest'>
  return { ...measured, cpuMsPerRequest: (server.cpuMs() - before) / measured.requests }
}

const report = (
  loads: ReadonlyMap<ServingQuestion, ReadonlyMap<string, readonly Load[]>>,
  rounds: number,
): Section => {
  const figures = [...loads].map(([question, servers]) => ({
    question: question.name,
    varied: question.varied,
    servers: [...servers].map(([server, of]) => ({
      server,
      requestsPerSecond: median(of.map(({ requestsPerSecond }) => requestsPerSecond)),
      p50: median(of.map(({ p50 }) => p50)),
      p99: median(of.map(({ p99 }) => p99)),
      cpuMsPerRequest: median(of.map(({ cpuMsPerRequest }) => cpuMsPerRequest)),
      failed: of.reduce((sum, { failed }) => sum + failed, 0),
    })),
  }))
  type Servers = (typeof figures)[number]['servers']
  const best = (servers: Servers): number =>
    Math.max(
      ...servers
        .filter(({ server }) => server !== OWN && server !== PIPELINE)
        .map(of => of.requestsPerSecond),
    )
  const of = (servers: Servers, name: string): number =>
    servers.find(({ server }) => server === name)?.requestsPerSecond ?? 0
  return {
    title: 'Serving',
    method: [
      `Answers from warm data under ${CONNECTIONS} connections (autocannon, a process of its own), ${SECONDS} s at a time, the servers in`,
      `turns, median of ${rounds} rounds. The peers serve the same schema and the same rows from plain objects in memory that`,
      'are linked already; they read, refresh and filter nothing. All give the same answers, which is checked first.',
      'Each question is asked word for word again, as dashboards do: then Pushgraph sends what it has sent before, as long as',
      'it would give the same answer. And it is asked with variables that never come twice, which it has to answer each time.',
      'Apollo Server with jit, over the same rows, shows what its pipeline costs by itself: what is led through it cannot be',
      'answered faster, which limits small varied questions to the shares in its rows. It is no peer, and is not compared with: it',
      'is a part of Pushgraph, which answers past it what came through it before and needs no request. What Pushgraph takes',
      'beyond mercurius for one object, some 0.02 ms, goes into what the others leave out: what the operation may cost, the plan',
      'and how fresh its rows are, the headers of every answer, metrics, and whether the answer may be sent again.',
    ].join('\n'),
    tables: [
      {
        title: 'Answers from warm data',
        columns: [
          'question',
          'server',
          'answers/s',
          'of the fastest peer',
          'p50 ms',
          'p99 ms',
          'CPU ms each',
          'failed',
        ],
        rows: figures.flatMap(({ question, servers }) =>
          servers.map(of => [
            question,
            of.server,
            figure(Math.round(of.requestsPerSecond)),
            ratio(of.requestsPerSecond, best(servers)),
            figure(of.p50),
            figure(of.p99),
            of.cpuMsPerRequest.toFixed(3),
            figure(of.failed),
          ]),
        ),
      },
    ],
    charts: [
      {
        name: 'serving',
        title: 'Answers a second from warm data, as a share of the fastest peer',
        bars: figures.flatMap(({ question, servers }) =>
          servers.map(of => ({
            label: `${question}: ${of.server}`,
            value: of.requestsPerSecond / best(servers),
            text: figure(Math.round(of.requestsPerSecond)),
            own: of.server === OWN,
          })),
        ),
      },
    ],
    figures,
    missed: figures.flatMap(({ question, servers }) => {
      const most = best(servers)
      const own = of(servers, OWN)
      if (own >= most) return []
      const pipeline = ratio(of(servers, PIPELINE), most)
      return [
        `serving ${question}: ${ratio(own, most)} times the fastest peer (Apollo Server's pipeline by itself: ${pipeline})`,
      ]
    }),
  }
}
