/** How late many subscribers hear of an event, how often it is evaluated for them, and what a stalled one costs. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild } from '../processes/child.ts'
import type { Section } from '../report/section.ts'
import { figure } from '../report/table.ts'
import { scratch, startServer } from './server.ts'

type Part = Pick<Section, 'tables' | 'figures' | 'missed'>

const follower = fileURLToPath(new URL('follower.ts', import.meta.url))
const SUBSCRIBERS = 1_000
const DOCUMENTS = 20
const A_SECOND = 100
const SECONDS = 15
const LAG_MS = 250

interface Lags {
  readonly answers: number
  readonly p50: number
  readonly p99: number
  readonly worst: number
}

export const measureSubscribers = async (): Promise<Part> => {
  const { directory, remove } = scratch()
  const server = await startServer(directory)
  const results = join(directory, 'lags.json')
  const followers = await startChild(
    [follower, `${server.url}/graphql`, String(SUBSCRIBERS), String(DOCUMENTS), results],
    { ready: /(following)/ },
  )
  // The one more takes no answer at all.
  while ((await server.figure('subscriptions')) < SUBSCRIBERS + 1) await pause(100)
  await server.send('warm', A_SECOND * 2, A_SECOND)
  await pause(1_000)
  const warm = await server.figure('subscription_evaluations_total')
  const before = server.cpuMs()
  const sent = await server.send('followed', A_SECOND * SECONDS, A_SECOND)
  const cpuMs = server.cpuMs() - before
  // What is on its way may arrive; whatever is late counts as late.
  await pause(1_000)
  const evaluated = (await server.figure('subscription_evaluations_total')) - warm
  const cutOff = await server.figure('subscriptions_cut_off_total')
  await followers.stop()
  await server.stop()
  const lags = JSON.parse(readFileSync(results, 'utf8')) as Lags
  remove()

  const expected = ((sent.sent + A_SECOND * 2) * SUBSCRIBERS) / DOCUMENTS
  // Each of the documents, and that of the stalled subscriber until it was cut off.
  const most = sent.sent * (DOCUMENTS + 1)
  return {
    tables: [
      {
        title: `${figure(SUBSCRIBERS)} subscribers with ${DOCUMENTS} documents, ${A_SECOND} events a second`,
        columns: [
          'events',
          'evaluations of each',
          'answers',
          'expected',
          'lag ms (median)',
          'lag ms (p99)',
          'lag ms (worst)',
          'promised p99',
          'server CPU ms per event',
        ],
        rows: [
          [
            figure(sent.sent),
            figure(evaluated / sent.sent),
            figure(lags.answers),
            figure(expected),
            ...[lags.p50, lags.p99, lags.worst].map(ms => figure(Math.round(ms * 10) / 10)),
            figure(LAG_MS),
            figure(cpuMs / sent.sent),
          ],
        ],
      },
    ],
    figures: { sent, evaluated, cutOff, lags, expected, cpuMs },
    missed: [
      ...(lags.p99 > LAG_MS
        ? [`webhooks: subscribers hear of an event ${Math.round(lags.p99)} ms late (p99)`]
        : []),
      ...(evaluated > most
        ? [`webhooks: an event was evaluated ${figure(evaluated / sent.sent)} times`]
        : []),
      ...(lags.answers === expected
        ? []
        : [`webhooks: ${lags.answers} of ${expected} answers reached subscribers`]),
      ...(cutOff === 1 ? [] : [`webhooks: ${cutOff} subscribers were cut off, one is stalled`]),
    ],
  }
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))
