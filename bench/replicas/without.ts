/** What an answer costs a server without a database, beside one with a database, or beside another checkout of the program. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { install } from '../processes/install.ts'
import { ask, type Server, startProduct } from '../processes/product.ts'
import { type StandIn, startStandIn } from '../processes/stand-in.ts'
import { figure } from '../report/table.ts'
import { createServingQuestions, type ServingQuestion } from '../serving/questions.ts'
import type { Part, PieceOptions } from './part.ts'
import { startReplica, type Surroundings, unlimited } from './surroundings.ts'

const TURNS = { short: 2, full: 7 }
const SECONDS = 1
const CONNECTIONS = 8
/** Of what the other one takes. */
const AS_MUCH_AS = 1.03

interface Load {
  readonly requestsPerSecond: number
  readonly requests: number
  readonly failed: number
}

interface Compared {
  readonly question: string
  /** Milliseconds of processor time of an answer, and answers a second, in each turn. */
  readonly own: readonly Turn[]
  readonly other: readonly Turn[]
}

interface Turn {
  readonly cpuMs: number
  readonly requestsPerSecond: number
}

const environment = {
  ...unlimited,
  // Rows are fresh for as long as it takes, and all is asked from one address.
  PUSHGRAPH_MAX_AGE_S: '86400',
  PUSHGRAPH_MAX_CALLER_RATE: '1000000',
  PUSHGRAPH_MAX_CALLER_RATE_ALL: '1000000',
}

export const measureWithout = async (
  surroundings: Surroundings,
  { isFull, before }: PieceOptions,
): Promise<Part> => {
  const standIn = await startStandIn(1, { limiter: false, latencyMs: 5 })
  const [own, other] = [
    await startEmbedded(standIn, undefined),
    await startOther(standIn, surroundings, before),
  ]
  try {
    for (const { url } of [own, other])
      for (const name of ['employees', 'accounts', 'apps'])
        await ask(url, { query: `{ ${name} { totalCount } }` })
    const compared = []
    for (const question of createServingQuestions(standIn.makeData()))
      compared.push(await compare(question, own, other, isFull ? TURNS.full : TURNS.short))
    return report(compared, before)
  } finally {
    await Promise.all([own.stop(), other.stop()])
    await standIn.stop()
  }
}

const startOther = async (
  standIn: StandIn,
  surroundings: Surroundings,
  before: string | undefined,
): Promise<Server> =>
  before === undefined
    ? startReplica(standIn, await surroundings.create(), environment)
    : startEmbedded(standIn, before)

const startEmbedded = async (standIn: StandIn, checkout: string | undefined): Promise<Server> => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'pushgraph-bench-without-'))
  const server = await startProduct(standIn, { dataDirectory, environment, checkout })
  return {
    ...server,
    stop: async () => {
      await server.stop()
      rmSync(dataDirectory, { recursive: true, force: true })
    },
  }
}

/** In turns, so that what else the machine does is nearly the same for both. */
const compare = async (
  question: ServingQuestion,
  own: Server,
  other: Server,
  turns: number,
): Promise<Compared> => {
  const [ofOwn, ofOther]: [Turn[], Turn[]] = [[], []]
  // The first time is for V8.
  for (const server of [own, other]) await press(server, question)
  for (let turn = 0; turn < turns; turn++) {
    const both = [[own, ofOwn] as const, [other, ofOther] as const]
    for (const [server, its] of turn % 2 === 0 ? both : both.reverse())
      its.push(await press(server, question))
  }
  return { question: question.name, own: ofOwn, other: ofOther }
}

const press = async (
  { url, cpuMs }: Server,
  { name, query, variables, varied }: ServingQuestion,
): Promise<Turn> => {
  const bodies = variables.map(each =>
    JSON.stringify({ query, variables: varied ? { ...each, turn: 0 } : each }),
  )
  const options = { url, bodies, varied, connections: CONNECTIONS, seconds: SECONDS }
  const before = cpuMs()
  const { stdout } = await promisify(execFile)(process.execPath, [
    `${install('load')}load.mjs`,
    JSON.stringify(options),
  ])
  const { requests, requestsPerSecond, failed } = JSON.parse(stdout) as Load
  if (failed > 0) throw new Error(`${name}: ${failed} answers failed`)
  return { cpuMs: (cpuMs() - before) / requests, requestsPerSecond }
}

const report = (compared: readonly Compared[], before: string | undefined): Part => {
  const [name, beside] =
    before === undefined ? ['with one', 'one with a database'] : ['before', 'the program before']
  const rows = compared.map(({ question, own, other }) => ({
    question,
    // What else the machine does only adds to it.
    cpu: [own, other].map(turns => Math.min(...turns.map(({ cpuMs }) => cpuMs))),
    speed: [own, other].map(turns => Math.max(...turns.map(of => of.requestsPerSecond))),
  }))
  const shareOf = ([own = NaN, other = NaN]: readonly number[]): number => own / other
  return {
    table: {
      title: 'Answers from memory of a server without a database',
      columns: [...['question', 'CPU ms each', name, 'ratio', 'promised'], ...['answers/s', name]],
      rows: rows.map(({ question, cpu, speed }) => [
        question,
        ...cpu.map(ms => ms.toFixed(3)),
        shareOf(cpu).toFixed(2),
        String(AS_MUCH_AS),
        ...speed.map(each => figure(Math.round(each))),
      ]),
    },
    figures: { isBeforeMeasured: before !== undefined, compared },
    missed: rows
      .filter(({ cpu }) => shareOf(cpu) > AS_MUCH_AS)
      .map(
        ({ question, cpu }) =>
          `without a database, ${question}: ${shareOf(cpu).toFixed(2)} times the processor time of ${beside}`,
      ),
  }
}
