/** GraphiQL while an answer takes its time, in a browser. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { launchChromium } from '../../support/chromium.ts'
import { buildGraphiql } from '../../support/graphiql-bundle.ts'
import { type GraphiqlPage, openGraphiql } from '../../support/graphiql-page.ts'
import { serveProduct } from '../../support/product.ts'

let browser: Browser

beforeAll(async () => {
  buildGraphiql()
  browser = await launchChromium()
}, 300_000)

afterAll(() => browser.close())

/** The page of a server with these settings, in whose first tab stands that document. */
const asking = async (
  document: string,
  environment: Readonly<Record<string, string>>,
): Promise<GraphiqlPage> => {
  const product = await serveProduct({
    environment: {
      PUSHGRAPH_DEMO_SCALE: '0.05',
      PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
      PUSHGRAPH_DEMO_LATENCY_MS: '1',
      ...environment,
    },
  })
  onTestFinished(async () => {
    product.kill('SIGTERM')
    await product.ended
  })
  const opened = await openGraphiql(browser, product.url)
  onTestFinished(() => opened.context.close())
  await opened.write(document)
  // GraphiQL has read it by then.
  await opened.page.getByRole('tab', { name: /\w+ (\w+)/.exec(document)?.[1] ?? '' }).waitFor()
  return opened
}

const COUNTS =
  'query Counts { employees { totalCount } accounts { totalCount } findings { totalCount } }'

test('the line tells of requests, seconds and what is waited for, until the answer is stopped', async () => {
  const slow = { PUSHGRAPH_RATE: '1', PUSHGRAPH_BURST: '1' }
  const { press, line, complaints } = await asking(COUNTS, slow)
  await press(/^Execute query/)
  await expect
    .poll(line)
    .toMatch(
      /^\d+ s · \d+ of about \d+ requests to Push · (about \d+ s left · )?waits for its turn: \d+ queued at Push's limit, \d+\.\d s$/,
    )
  await press(/^Stop query/)
  await expect.poll(line).toBe('Stopped.')
  expect(complaints).toEqual([])
})

test('what was not whole is asked again by itself, until it is', async () => {
  const opened = await asking(COUNTS, { PUSHGRAPH_MAX_REQUESTS: '3' })
  const { page, press, line, shown, complaints } = opened
  const questions: string[] = []
  page.on('request', request => {
    if (request.postData()?.includes('Counts')) questions.push(request.url())
  })
  const lines = new Set<string>()
  await press(/^Execute query/)
  await expect
    .poll(async () => {
      const now = await line()
      lines.add(now.replaceAll(/\d+/g, 'n'))
      return now
    })
    .toMatch(/^0 rows · \d+ requests? to Push · \d+\.\d\d s · as of /)
  expect(questions.length).toBeGreaterThan(1)
  expect([...lines].filter(each => each.startsWith('Not whole yet: asks again in'))).not.toEqual([])
  expect(JSON.parse(await shown('response'))).toMatchObject({
    data: { employees: { totalCount: 50 }, accounts: { totalCount: 600 } },
  })
  expect(complaints).toEqual([])
})

test('a change is asked for but once, whatever the answer says', async () => {
  const change =
    'mutation Change { updateDetection(input: { id: "none", archived: true }) { detection { id } } }'
  const opened = await asking(change, { PUSHGRAPH_MUTATIONS: 'on' })
  const { page, run, shown } = opened
  const questions: string[] = []
  await page.route('**/graphql', async route => {
    if (!route.request().postData()?.includes('Change')) return route.continue()
    questions.push(route.request().url())
    const errors = [{ message: 'Later', extensions: { code: 'RATE_LIMITED', retryAfterMs: 1 } }]
    return route.fulfill({ json: { data: null, errors } })
  })
  await run()
  expect(await shown('response')).toContain('Later')
  expect(await opened.line()).toMatch(/^1 error · \d/)
  expect(questions).toHaveLength(1)
})

test('what is no answer, and a server that is gone, are told in words', async () => {
  const opened = await asking('query Gone { employees { totalCount } }', {})
  const { page, press, line, shown } = opened
  const answers: ((route: Parameters<Parameters<typeof page.route>[1]>[0]) => Promise<void>)[] = [
    route => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }),
    route => route.abort('connectionrefused'),
  ]
  await page.route('**/graphql', route => answers.shift()?.(route))
  await press(/^Execute query/)
  await expect.poll(() => shown('response')).toContain('(status 502): <h1>Bad gateway</h1>')
  expect(await line()).toBe('It failed.')
  await press(/^Execute query/)
  await expect.poll(() => shown('response')).toContain('The server cannot be reached')
})
