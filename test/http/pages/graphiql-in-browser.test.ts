import { readdirSync, readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '../../support/chromium.ts'
import { buildGraphiql } from '../../support/graphiql-bundle.ts'
import { serveProduct, type Serving } from '../../support/product.ts'

const root = new URL('../../../', import.meta.url)
const tabs = readdirSync(new URL('src/http/pages/graphiql/tabs', root)).filter(name =>
  name.endsWith('.graphql'),
)
const read = (file: string): string =>
  readFileSync(new URL(`src/http/pages/graphiql/tabs/${file}`, root), 'utf8')
const operationName = (file: string): string =>
  /^(?:query|subscription) (\w+)/m.exec(read(file))?.[1] ?? ''
const isStream = (file: string): boolean => /^subscription\b/m.test(read(file))

let product: Serving
let browser: Browser
let page: Page
/** Everything that the browser asked for, and everything that it complained of. */
const asked: string[] = []
const complaints: string[] = []

beforeAll(async () => {
  buildGraphiql()
  product = await serveProduct({
    environment: {
      PUSHGRAPH_DEMO_SCALE: '0.05',
      PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
      PUSHGRAPH_DEMO_LATENCY_MS: '5',
    },
  })
  browser = await launchChromium()
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } })
  context.on('request', request => asked.push(request.url()))
  context.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page = await context.newPage()
  page.on('pageerror', error => complaints.push(error.message))
  await page.goto(`${product.url}/graphiql`)
  await page.getByRole('tab').first().waitFor()
}, 300_000)

afterAll(async () => {
  await browser.close()
  product.kill('SIGTERM')
  await product.ended
})

/** Opens the tab of this operation, runs it, and gives what the answer's editor shows. */
const run = async (operation: string): Promise<string> => {
  await page.getByRole('tab', { name: operation }).click()
  // Until the editor is there, the button runs nothing.
  await expect.poll(() => shown('operation')).toContain(`query ${operation}`)
  const answered = page.waitForResponse(response => {
    const body = response.request().postData() ?? ''
    return response.url().endsWith('/graphql') && body.includes(`query ${operation}`)
  })
  await page.getByRole('button', { name: /^Execute query/ }).click()
  await (await answered).finished()
  await expect.poll(() => shown('response')).toMatch(/\}\s*$/)
  return shown('response')
}

/** The whole text of one of GraphiQL's editors, also the lines that are scrolled out of sight. */
const shown = (editor: 'operation' | 'response' | 'request-headers'): Promise<string> =>
  page.evaluate(name => {
    const { __MONACO } = globalThis as unknown as {
      __MONACO?: {
        editor: { getModels: () => { uri: { toString: () => string }; getValue: () => string }[] }
      }
    }
    const model = __MONACO?.editor
      .getModels()
      .find(({ uri }) => uri.toString().includes(`-${name}.`))
    return model?.getValue() ?? ''
  }, editor)

test('the page has a title and seven tabs named after their operations', async () => {
  expect(await page.title()).toBe('Pushgraph')
  const labels = await page.getByRole('tab').allTextContents()
  expect(labels).toHaveLength(7)
  for (const [index, file] of tabs.entries()) expect(labels[index]).toContain(operationName(file))
})

test.each(tabs.filter(file => !isStream(file)))('the tab %s runs and shows rows', async file => {
  const answer = JSON.parse(await run(operationName(file))) as Record<string, unknown>
  expect(answer).not.toHaveProperty('errors')
  const [rows] = Object.values(answer.data as Record<string, unknown>)
  const nodes = Array.isArray(rows) ? rows : (rows as { readonly nodes: unknown[] }).nodes
  expect(nodes.length).toBeGreaterThan(0)
  expect(answer).toHaveProperty('extensions.pushgraph.complete', true)
})

test.each(tabs.filter(isStream))(
  'the tab %s runs and shows one event after the other, until it is stopped',
  async file => {
    const operation = operationName(file)
    const event = async (): Promise<{ readonly description: string }> => {
      const text = await shown('response')
      const { data } = JSON.parse(text === '' ? '{}' : text) as {
        readonly data?: { readonly events: { readonly description: string } }
      }
      return data?.events ?? { description: '' }
    }
    await page.getByRole('tab', { name: operation }).click()
    const asked = page.waitForRequest(request =>
      (request.postData() ?? '').includes(`subscription ${operation}`),
    )
    await page.getByRole('button', { name: /^Execute query/ }).click()
    const request = await asked
    expect(request.headers()['accept']).toBe('text/event-stream')
    await expect.poll(async () => (await event()).description).not.toBe('')
    const first = await event()
    await expect.poll(event).not.toEqual(first)

    const left = page.waitForEvent('requestfailed', each => each === request)
    await page.getByRole('button', { name: /^Stop query/ }).click()
    await left
    await page.getByRole('button', { name: /^Execute query/ }).waitFor()
  },
)

test('headers of a tab go with its request, also after a reload', async () => {
  await page.reload()
  await page.getByRole('tab', { name: 'UnapprovedApps' }).click()
  await expect.poll(() => shown('request-headers')).toContain('x-pushgraph-plan')
  const request = page.waitForRequest(each => each.headers()['x-pushgraph-plan'] === '1')
  await page.getByRole('button', { name: /^Execute query/ }).click()
  await request
})

test('the editor knows the schema: it marks a field that does not exist', async () => {
  await page.getByRole('button', { name: 'New tab' }).click()
  await page.locator('.graphiql-query-editor .monaco-editor').first().click()
  await page.keyboard.insertText('{ nothingOfTheKind }')
  await page.locator('.graphiql-query-editor .squiggly-error').first().waitFor()
})

test('no request went to another host, and the browser complained of nothing', () => {
  const hosts = new Set(asked.map(url => new URL(url).host))
  expect([...hosts].filter(host => host !== '')).toEqual([new URL(product.url).host])
  expect(asked.some(url => url.includes('worker'))).toBe(true)
  expect(complaints).toEqual([])
})
