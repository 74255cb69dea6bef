/** What the overview says of the past, of webhooks that do not come, and of a server that comes back. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp, type PushgraphApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config/config.ts'
import type { StandIn } from '../../../src/demo/stand-in.ts'
import { createLog } from '../../../src/http/logging/log.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { launchChromium } from '../../support/chromium.ts'
import { delivery, post, SECRET } from '../../support/deliveries.ts'
import { buildGraphiql, buildOverview } from '../../support/graphiql-bundle.ts'
import { openOverview, type OverviewPage } from '../../support/overview-page.ts'
import { startStandIn } from '../../support/stand-in.ts'

const DAY_MS = 86_400_000

/** How much later it is here than elsewhere, in milliseconds. */
let shift = 0
const clock = { ...systemClock, now: () => systemClock.now() + shift }

const directory = mkdtempSync(join(tmpdir(), 'pushgraph-'))
let standIn: StandIn
let app: PushgraphApp
let url: string
let browser: Browser
let page: OverviewPage

const serve = async (port: string): Promise<void> => {
  const environment = {
    PORT: port,
    PUSH_API_KEY: standIn.keys.readOnly,
    PUSH_API_URL: standIn.url,
    PUSH_WEBHOOK_SECRET: SECRET,
    PUSHGRAPH_RATE: '1000',
    PUSHGRAPH_BURST: '1000',
    PUSHGRAPH_DATA_DIR: directory,
  }
  const log = createLog({ level: 'silent', readable: false, destination: process.stderr })
  app = await createApp(readConfig(environment, directory), log, clock)
  url = await app.listen()
}

/** What the server answers, whoever asks. */
const ask = async <Data>(query: string, variables: object = {}): Promise<Data> => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  return ((await response.json()) as { readonly data: Data }).data
}

beforeAll(async () => {
  buildGraphiql()
  buildOverview()
  standIn = await startStandIn({ scale: 0.02, now: Math.floor(clock.now() / 1_000) })
  await serve('0')
  browser = await launchChromium()
  page = await openOverview(browser, url)
}, 300_000)

afterAll(async () => {
  await browser.close()
  await app.stop(0)
  await standIn.close()
  rmSync(directory, { recursive: true, force: true })
})

const figure = (name: string): Promise<string> =>
  page.page.locator(`[data-figure="${name}"] dd`).innerText()

test('numbers say what has become of them in a week, where it was read then', async () => {
  const all = '{ employees { totalCount } accounts { totalCount } apps { totalCount } }'
  interface Counts {
    readonly [name: string]: { readonly totalCount: number; readonly complete: boolean } | undefined
  }
  await ask(all)
  // What was read is known once it is noted beside the events.
  await expect
    .poll(async () => {
      const at = new Date(clock.now()).toISOString()
      const past = await ask<Counts>(
        'query ($at: DateTime) { employees(at: $at) { totalCount complete } accounts(at: $at) { totalCount complete } apps(at: $at) { totalCount complete } }',
        { at },
      )
      return Object.values(past).map(of => of?.complete)
    })
    .toEqual([true, true, true])
  const before = { apps: standIn.data.apps.length, people: standIn.data.employees.length }
  // To the next minute, since the page asks in whole ones.
  shift += 7 * DAY_MS + 60_000
  // Behind the back of webhooks: Push's own lists are others now.
  const apps = standIn.data.apps as unknown[]
  apps.splice(0, 3)
  const people = standIn.data.employees as unknown[]
  people.push({ ...standIn.data.employees[0], id: '00000000-0000-4000-8000-000000000001' })
  await page.page.clock.setFixedTime(clock.now())
  await page.goTo('')
  await page.page.getByText('Where no change stands, what it was a week ago').waitFor()
  expect(await figure('apps')).toMatch(new RegExp(`^${before.apps - 3}\\s*−3 in a week`))
  expect(await figure('employees')).toMatch(new RegExp(`^${before.people + 1}\\s*\\+1 in a week`))
  expect(await figure('accounts')).toMatch(/^\d+\s*±?0 in a week/)
  expect(await figure('openFindings')).not.toContain('in a week')
})

const FOLLOWED = /^pushgraph_subscriptions(?:\{[^}]*\})? [1-9]/m

test('where no webhook has come, tiles say how they would, and the first that comes stands there', async () => {
  await page.goTo('#/activity')
  const noEvents = 'No event is stored. Events come by webhook: docs/webhooks.md says how'
  expect((await page.tiles())['Events by day']).toContain(noEvents)
  const live = page.page.locator('[data-tile="OverviewLiveEvents"]')
  await live.getByText('Listening. The next event').waitFor()
  // What is stored before the server has read what is asked is not for the page.
  await expect.poll(async () => (await fetch(new URL('/metrics', url))).text()).toMatch(FOLLOWED)
  const signedAt = Math.floor(clock.now() / 1_000)
  const body = delivery({ id: 'a5d2f0e5-6f0c-4f6b-8f06-000000000001', timestamp: signedAt })
  expect(await post(url, body, { signedAt })).toMatchObject({ status: 200 })
  await live.getByText('1 since this view was opened').waitFor()
  await expect.poll(() => live.locator('tbody tr').innerText()).toContain('Login')
})

test('live events go on once a server that was away is back', async () => {
  const live = page.page.locator('[data-tile="OverviewLiveEvents"]')
  await app.stop(0)
  await live.getByRole('alert').waitFor({ timeout: 60_000 })
  expect(await live.getByRole('alert').innerText()).toContain('The page asks again by itself.')
  await serve(new URL(url).port)
  const signedAt = Math.floor(clock.now() / 1_000)
  // It listens again after some seconds: until then an event passes it by, and the next one does not.
  let sent = 1
  await expect
    .poll(async () => {
      sent += 1
      const id = `a5d2f0e5-6f0c-4f6b-8f06-${String(sent).padStart(12, '0')}`
      await post(url, delivery({ id, timestamp: signedAt }), { signedAt })
      return live.locator('tbody tr').count()
    })
    .toBeGreaterThan(1)
  await live.getByRole('alert').waitFor({ state: 'detached' })
})
