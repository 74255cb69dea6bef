import { expect, test } from 'vitest'
import { lineOf, type TabRun } from '../../../../../src/http/pages/graphiql/answer/words.ts'

const progress = {
  requests: 12,
  expectedRequests: 47,
  expectedMs: 9_000,
  reading: [
    { collection: 'employees', requests: 2, expectedRequests: 2 },
    { collection: 'accounts', requests: 10, expectedRequests: 45 },
  ],
  connectors: [
    { alias: 'acme', status: 'OK', reason: null, queued: 0, estimatedWaitMs: 0 },
    { alias: 'globex', status: 'OK', reason: null, queued: 0, estimatedWaitMs: 0 },
  ],
}
const [acme, globex] = progress.connectors
const waiting = { ...globex, queued: 34, estimatedWaitMs: 3_400 }
const failing = { ...acme, status: 'FAILING', reason: 'Push refuses the key' }
const cost = {
  requests: 1,
  rowsReturned: 1_204,
  complete: true,
  asOf: new Date(2020, 0, 2, 3, 4, 5).toISOString(),
}

const asking = (changes: Partial<TabRun> = {}): TabRun => ({
  phase: 'asking',
  startedAt: 1_000,
  attempts: 1,
  ...changes,
})

test.each<[line: string, run: TabRun | undefined]>([
  ['Nothing was asked yet.', undefined],
  ['3 s · waits for the server', asking()],
  ['3 s · 12 of about 47 requests to Push · about 6 s left · reads accounts', asking({ progress })],
  [
    "3 s · asked 2 times · 12 of about 47 requests to Push · about 6 s left · waits for its turn: 34 queued at Push's limit, 3.4 s",
    asking({ attempts: 2, progress: { ...progress, connectors: [acme, waiting] as never } }),
  ],
  [
    '3 s · 50 requests to Push · acme: Push refuses the key',
    asking({
      progress: {
        ...progress,
        requests: 50,
        expectedMs: 2_000,
        connectors: [failing, waiting] as never,
      },
    }),
  ],
  [
    'Not whole yet: asks again in 5 s (asked once so far).',
    asking({ phase: 'again', againAt: 8_900 }),
  ],
  [
    'Listens: 137 events so far, the last 100 are kept.',
    asking({ phase: 'streaming', answer: { data: { received: 137 } } }),
  ],
  ['Stopped.', asking({ phase: 'stopped', endedAt: 2_000 })],
  ['It failed.', asking({ phase: 'failed', endedAt: 2_000 })],
  [
    '1,204 rows · 1 request to Push · 1.50 s · as of 02/01/2020, 03:04:05',
    asking({ phase: 'done', endedAt: 2_500, answer: { extensions: { pushgraph: cost } } }),
  ],
  [
    '1 error · not whole · 0 rows · 1 request to Push · 1.50 s',
    asking({
      phase: 'done',
      endedAt: 2_500,
      answer: {
        errors: [{}],
        extensions: { pushgraph: { ...cost, complete: false, rowsReturned: 0, asOf: null } },
      },
    }),
  ],
])('%s', (line, run) => {
  expect(lineOf(run, 4_400)).toBe(line)
})
