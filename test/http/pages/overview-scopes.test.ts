/** The overview of a server that asks callers who they are, for one who may see no person and no event. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '../../support/chromium.ts'
import { buildOverview } from '../../support/graphiql-bundle.ts'
import { openOverview, type OverviewPage } from '../../support/overview-page.ts'
import { serveProduct, type Serving } from '../../support/product.ts'
import { tokenOf } from '../../support/tokens.ts'

let product: Serving
let browser: Browser
let page: OverviewPage

beforeAll(async () => {
  buildOverview()
  const { name, sha256 } = tokenOf('ann')
  product = await serveProduct({
    environment: {
      PUSHGRAPH_AUTH: 'tokens',
      PUSHGRAPH_TOKENS_FILE: 'tokens.json',
      PUSHGRAPH_DEMO_SCALE: '0.02',
      PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
      PUSHGRAPH_DEMO_LATENCY_MS: '5',
    },
    files: { 'tokens.json': JSON.stringify([{ name, sha256, scopes: ['read'] }]) },
  })
  browser = await launchChromium()
  page = await openOverview(browser, product.url)
}, 300_000)

afterAll(async () => {
  await browser.close()
  product.kill('SIGTERM')
  await product.ended
})

test('it asks for a token, and shows what that may see; the rest says which scope it lacks', async () => {
  const { page: tab } = page
  await tab.goto(product.url)
  await tab.getByLabel('Token', { exact: true }).fill('secret-of-ann')
  await tab.getByRole('button', { name: 'Use this token' }).click()
  await tab.locator('[data-figure="employees"]').getByText('20', { exact: true }).waitFor()
  await tab.getByText('Changes since last week are not shown. Your token lacks').waitFor()
  await tab
    .locator('[data-tile="OverviewLiveEvents"]')
    .getByText('lacks the scope “events”')
    .waitFor()
  const detections = tab.locator('[data-tile="OverviewNewestDetections"]')
  await detections
    .getByText(/^person [\da-f]{8}/)
    .first()
    .waitFor()
  expect(await page.flaws()).toEqual([])
})

test('what happened to a person is told without names, and says what is left out', async () => {
  const { page: tab } = page
  await tab.goto(`${product.url}/#/people`)
  await tab
    .getByRole('region', { name: 'People with the most findings' })
    .getByRole('link')
    .first()
    .click()
  const happened = tab.locator('[data-tile="OverviewPersonTimeline"]')
  await happened
    .getByText(/^The account at .+ was last used\.$/)
    .first()
    .waitFor()
  await happened.getByText('Left out: Your token lacks the scope “events”').waitFor()
})

test('a search for what names a person says that it needs the scope', async () => {
  const { page: tab } = page
  await tab.getByLabel('Search for any observable').fill('ann@example.com')
  await tab.keyboard.press('Enter')
  await tab.getByText('lacks the scope “pii”').waitFor()
})

test('the token stands in no address', () => {
  expect(page.asked.filter(each => each.includes('secret-of-ann'))).toEqual([])
  expect(page.page.url()).not.toContain('secret-of-ann')
})
