/** GraphiQL of a server that asks callers who they are, in a browser. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { flawsOf } from '../../support/browser-page.ts'
import { launchChromium } from '../../support/chromium.ts'
import { buildGraphiql } from '../../support/graphiql-bundle.ts'
import { serveProduct, type Serving } from '../../support/product.ts'
import { tokenOf } from '../../support/tokens.ts'

let product: Serving
let browser: Browser
let context: BrowserContext
let page: Page
const asked: string[] = []

beforeAll(async () => {
  buildGraphiql()
  const { name, sha256 } = tokenOf('ann')
  product = await serveProduct({
    environment: {
      PUSHGRAPH_AUTH: 'tokens',
      PUSHGRAPH_TOKENS_FILE: 'tokens.json',
      PUSHGRAPH_DEMO_SCALE: '0.05',
      PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
      PUSHGRAPH_DEMO_LATENCY_MS: '5',
    },
    files: { 'tokens.json': JSON.stringify([{ name, sha256, scopes: ['read', 'events', 'pii'] }]) },
  })
  browser = await launchChromium()
  context = await browser.newContext({ viewport: { width: 1400, height: 900 } })
  context.on('request', request => asked.push(request.url()))
  page = await context.newPage()
}, 300_000)

afterAll(async () => {
  await browser.close()
  product.kill('SIGTERM')
  await product.ended
})

/** The next answer of the graph that is not refused. */
const answered = (to: Page) =>
  to.waitForResponse(response => response.url().endsWith('/graphql') && response.status() === 200)

const give = async (to: Page, token: string): Promise<void> => {
  await to.getByLabel('Token', { exact: true }).fill(token)
  await to.getByRole('button', { name: 'Use this token' }).click()
}

test('the page asks for a token, again where that is refused, and then shows the schema', async () => {
  await page.goto(`${product.url}/graphiql`)
  await give(page, 'wrong')
  await page.getByText('does not take this token').waitFor()
  const schema = answered(page)
  await give(page, ' Bearer secret-of-ann ')
  expect(await (await schema).text()).toContain('__schema')
  await expect.poll(() => page.getByLabel('Token', { exact: true }).count()).toBe(0)
})

test('a button says that one was given; another one can be given, and forgotten', async () => {
  const button = page.getByRole('button', { name: 'Token given' })
  await button.click()
  await page.getByText('A token was given').waitFor()
  expect(await flawsOf(page, { include: ['dialog'] })).toEqual([])
  await page.getByRole('button', { name: 'Forget it' }).click()
  await page.getByRole('button', { name: 'Give a token' }).click()
  const schema = answered(page)
  await give(page, 'secret-of-ann')
  expect(await (await schema).text()).toContain('__schema')
  await button.waitFor()
})

test('operations and streams show the token in a header', async () => {
  for (const name of ['Tenants', 'LiveEvents']) {
    await page.getByRole('tab', { name }).click()
    // Until the editor is there, the button runs nothing.
    await expect.poll(() => page.locator('.graphiql-query-editor').innerText()).toContain(name)
    const request = page.waitForRequest(each => (each.postData() ?? '').includes(` ${name}`))
    const answer = answered(page)
    await page.getByRole('button', { name: /^Execute query/ }).click()
    expect((await request).headers()['authorization']).toBe('Bearer secret-of-ann')
    await answer
  }
  await page.getByRole('button', { name: /^Stop query/ }).click()
})

test('the tab keeps it through a reload, and no other tab, storage or address has it', async () => {
  const schema = answered(page)
  await page.reload()
  await schema
  expect(await page.getByLabel('Token', { exact: true }).count()).toBe(0)
  const kept = await page.evaluate('JSON.stringify(localStorage) + document.cookie')
  expect(kept).not.toContain('secret-of')
  expect(asked.join()).not.toContain('secret-of')

  const other = await context.newPage()
  await other.goto(`${product.url}/graphiql`)
  await other.getByLabel('Token', { exact: true }).waitFor()
  await other.getByRole('button', { name: 'Cancel' }).click()
  await expect.poll(() => other.getByLabel('Token', { exact: true }).count()).toBe(0)
  expect(product.output()).not.toContain('secret-of')
})
