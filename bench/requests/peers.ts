/** The reference questions asked of servers that one would write or take instead, side by side with Pushgraph. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { printTypeDefs } from '../../src/graphql/schema/schema.ts'
import { startChild } from '../processes/child.ts'
import { install } from '../processes/install.ts'
import { ask } from '../processes/product.ts'
import { startStandIn, type StandIn } from '../processes/stand-in.ts'
import type { Section } from '../report/section.ts'
import { figure, yesNo } from '../report/table.ts'
import { isSameAnswer } from './answers.ts'
import { createQuestions, type Question } from './reference.ts'
import { type Rephrased, rephrase } from './rephrase.ts'
import { limits, pageSize } from './bound.ts'
import { learn, runOnce } from './requests.ts'
import { toTenant } from './tenant.ts'

const OWN = 'pushgraph'
/** Nobody waits longer for an answer. */
const PATIENCE_MS = 50_000

/** Questions that such servers can be asked at all: lists by simple filters, and links. */
const asked = [
  'employees with accounts, apps and findings',
  '200 findings with employee, account and app',
  "a department's employees with browsers and detections",
  '100 employees by id',
  '100 employees by e-mail',
  "the last day's detections with events",
]

interface Outcome {
  readonly question: string
  readonly ms: number
  readonly requests: number
  readonly refused: number
  readonly errors: number
  readonly correct: boolean
}

type Server = (questions: readonly Question[], standIn: StandIn) => Promise<readonly Outcome[]>

/** A question as a server's schema has it; undefined where it cannot be asked. */
type Form = (question: Question) => Rephrased | undefined

const asItIs: Form = ({ query, variables }) => ({ query, variables, toData: data => data })

const peer =
  (folder: string, more: readonly string[] = [], form: Form = asItIs): Server =>
  async (questions, standIn) => {
    const directory = mkdtempSync(join(tmpdir(), 'pushgraph-bench-peer-'))
    const schema = join(directory, 'schema.graphql')
    writeFileSync(schema, printTypeDefs())
    const program = join(install(`peers/${folder}`), 'server.mjs')
    const outcomes: Outcome[] = []
    for (const question of questions) {
      const asked = form(question)
      if (asked === undefined) continue
      // Anew for each, since requests that failed for the last one may still be tried again.
      const server = await startChild([program, standIn.url, standIn.key, schema, ...more], {
        environment: { NODE_ENV: 'production' },
        ready: /listening (\S+)/,
      })
      outcomes.push(await askPeer(server.said, question, asked, standIn))
      await server.stop()
    }
    rmSync(directory, { recursive: true, force: true })
    return outcomes
  }

const askPeer = async (
  url: string,
  question: Question,
  { query, variables, toData }: Rephrased,
  standIn: StandIn,
): Promise<Outcome> => {
  await standIn.reset()
  const start = performance.now()
  const answer = await Promise.race([
    ask(url, { query, variables }),
    new Promise<undefined>(resolve => {
      setTimeout(() => {
        resolve(undefined)
      }, PATIENCE_MS).unref()
    }),
  ])
  const ms = performance.now() - start
  const { requests, overLimit } = await standIn.statistics()
  return {
    question: question.name,
    ms,
    requests,
    refused: overLimit,
    errors: answer === undefined ? 1 : (answer.errors?.length ?? 0),
    correct:
      answer?.data !== undefined &&
      answer.data !== null &&
      isSameAnswer(toData(answer.data as Parameters<typeof toData>[0]), question.answer),
  }
}

const pushgraph: Server = async (questions, standIn) => {
  const learnt = mkdtempSync(join(tmpdir(), 'pushgraph-bench-learnt-'))
  try {
    await learn(standIn, learnt, questions)
    const outcomes: Outcome[] = []
    for (const question of questions) {
      const { cold } = await runOnce(question, questions, standIn, learnt)
      outcomes.push({ ...cold, question: question.name, errors: 0 })
    }
    return outcomes
  } finally {
    rmSync(learnt, { recursive: true, force: true })
  }
}

const servers: Readonly<Record<string, Server>> = {
  [OWN]: pushgraph,
  'Apollo Server with DataLoader': peer('apollo'),
  'the same, paced by itself': peer('apollo', [String(limits.rate)]),
  'GraphQL Mesh and Hive Gateway': peer('hive', [], rephrase),
}

export const measurePeers = async (): Promise<Section> => {
  // Each has a stand-in of its own, so that all can run at once: they wait for Push, not for the processor.
  const results = await Promise.all(
    Object.entries(servers).map(async ([server, run]) => {
      const standIn = await startStandIn(1)
      try {
        const questions = createQuestions(toTenant(standIn.makeData()), pageSize).filter(
          ({ name }) => asked.includes(name),
        )
        const outcomes = await run(questions, standIn)
        return outcomes.map(outcome => ({ server, ...outcome }))
      } finally {
        await standIn.stop()
      }
    }),
  )
  return report(results.flat())
}

const report = (results: readonly (Outcome & { readonly server: string })[]): Section => {
  const figures = asked.flatMap(question => results.filter(of => of.question === question))
  return {
    title: 'Beside other servers',
    method: [
      'The same questions, asked once and cold, of a plain Apollo Server over the same schema (`bench/peers/apollo`): lists page',
      'by page, objects by id through DataLoaders, five more tries with a growing pause after a 429. Once as it is, once',
      'with a queue that sends ten requests a second. And of Hive Gateway over a schema that GraphQL Mesh makes of an OpenAPI',
      "description, with links by id and five retries (`bench/peers/hive`): it reads one page of a list and knows Push's own",
      'parameters alone, so that three of the questions cannot be asked of it.',
      `Errors may stand beside a right answer, for links to nothing. Nobody waits longer than ${PATIENCE_MS / 1_000} s.`,
    ].join('\n'),
    tables: [
      {
        title: 'The reference questions beside other servers, cold',
        columns: ['question', 'server', 'requests', 'time ms', '429s', 'errors', 'correct'],
        rows: figures.map(of => [
          of.question,
          of.server,
          figure(of.requests),
          figure(Math.round(of.ms)),
          figure(of.refused),
          figure(of.errors),
          yesNo(of.correct),
        ]),
      },
    ],
    charts: [
      {
        name: 'peers',
        title: 'Seconds to a cold answer',
        bars: figures.map(of => ({
          label: of.server === OWN ? of.question : of.server,
          value: of.ms / 1_000,
          text: `${(of.ms / 1_000).toFixed(1)} s${of.correct ? '' : ', not answered'}`,
          own: of.server === OWN,
        })),
      },
    ],
    figures,
    missed: [],
  }
}
