import { readdirSync, readFileSync } from 'node:fs'
import type { Browser, Request } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium } from '../../support/chromium.ts'
import { buildGraphiql } from '../../support/graphiql-bundle.ts'
import { type GraphiqlPage, openGraphiql, type PageOptions } from '../../support/graphiql-page.ts'
import { serveProduct, type Serving } from '../../support/product.ts'
import { readQuestions } from '../../../src/http/pages/questions.ts'

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
const folder = 'src/http/pages/graphiql/tabs'
const texts = readdirSync(new URL(`../../../${folder}`, import.meta.url)).map(name =>
  read(`${folder}/${name}`),
)
const nameOf = (text: string): string => /^(?:query|subscription) (\w+)/m.exec(text)?.[1] ?? ''
const tabs = texts.map(nameOf)
const streams = texts.filter(text => /^subscription\b/m.test(text)).map(nameOf)
const questions = readQuestions(read('docs/queries.md'))

let product: Serving
let browser: Browser
const opened: GraphiqlPage[] = []
const open = async (options?: PageOptions): Promise<GraphiqlPage> => {
  const page = await openGraphiql(browser, product.url, options)
  opened.push(page)
  return page
}

/** The next question to the graph whose document has this operation. */
const asked = ({ page }: GraphiqlPage, operation: string): Promise<Request> =>
  page.waitForRequest(
    request =>
      request.url().endsWith('/graphql') && (request.postData() ?? '').includes(` ${operation}`),
  )

/** The answer that the page shows. */
const answerOf = async (page: GraphiqlPage): Promise<Readonly<Record<string, unknown>>> =>
  JSON.parse((await page.shown('response')) || '{}') as Readonly<Record<string, unknown>>

const rowsOf = (list: unknown): readonly object[] =>
  Array.isArray(list) ? list : (list as { readonly nodes: object[] }).nodes

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
}, 300_000)

afterAll(async () => {
  await browser.close()
  product.kill('SIGTERM')
  await product.ended
})

describe('on a screen of 1440 × 900', () => {
  let page: GraphiqlPage
  beforeAll(async () => {
    page = await open()
  })

  test('the page has a title and seven tabs named after their operations', async () => {
    expect(await page.page.title()).toBe('Pushgraph')
    const labels = await page.page.getByRole('tab').allTextContents()
    expect(labels).toHaveLength(7)
    for (const [index, name] of tabs.entries()) expect(labels[index]).toContain(name)
    expect(await page.line()).toBe('Nothing was asked yet.')
  })

  test('the empty panes of variables and headers are closed', async () => {
    const frame = await page.page.locator('.graphiql-editor-tool').boundingBox()
    expect(frame?.x).toBeLessThan(0)
    await page.page.getByRole('button', { name: 'Show editor tools' }).waitFor()
  })

  test.each(tabs)('no line of the tab %s is longer than its editor is wide', async name => {
    await page.openTab(name)
    expect(await page.brokenLines()).toEqual([])
  })

  test.each(tabs.filter(name => !streams.includes(name)))(
    'the tab %s runs and shows rows, and below them what they cost',
    async name => {
      await page.openTab(name)
      await page.run()
      const answer = await answerOf(page)
      expect(Object.keys(answer)).toEqual(['data'])
      const [list] = Object.values(answer['data'] as object) as unknown[]
      expect(rowsOf(list).length).toBeGreaterThan(0)
      expect(await page.line()).toMatch(/^[\d,]+ rows? · \d+ requests? to Push · \d+\.\d\d s/)
    },
  )

  test('what an answer cost, and its plan, stand in a panel of their own', async () => {
    await page.openTab('UnapprovedApps')
    await page.press('Cost')
    const request = asked(page, 'UnapprovedApps')
    await page.run()
    expect((await request).headers()['x-pushgraph-plan']).toBe('1')
    const { extensions } = (await (await (await request).response())?.json()) as {
      readonly extensions: { readonly pushgraph: Readonly<Record<string, number>> }
    }
    const panel = page.page.getByRole('region', { name: 'Cost and plan' })
    const facts = await panel.locator('dl').innerText()
    const { rowsReturned, rowsRead, requests } = extensions.pushgraph
    expect(facts).toMatch(/Whole\s+yes/)
    expect(facts).toMatch(/As of\s+\d\d:\d\d:\d\d/)
    expect(facts).toMatch(new RegExp(`Requests to Push\\s+${requests}\\s`))
    expect(facts).toMatch(new RegExp(`Rows read\\s+${rowsRead?.toLocaleString('en')}\\s`))
    expect(facts).toMatch(new RegExp(`Rows returned\\s+${rowsReturned?.toLocaleString('en')}\\s`))
    expect(await panel.innerText()).toMatch(/How its rows were got[^]*apps\.nodes\.accounts/)
    expect(await panel.innerText()).toContain('approvalStatus')
    expect(await page.shown('response')).not.toContain('pushgraph')
  })

  test('what a query would take is told without running it', async () => {
    await page.openTab('FindingsWithOwners')
    const before = await page.line()
    const request = asked(page, 'FindingsWithOwners')
    await page.press('What would it take now?')
    expect((await request).headers()['x-pushgraph-plan']).toBe('only')
    await page.page.getByText('What it would take now').waitFor()
    expect(await page.line()).toBe(before)
  })

  test('the first list of an answer is a table, and a file for spreadsheets', async () => {
    await page.openTab('FindingsWithOwners')
    await page.run()
    const nodes = rowsOf(((await answerOf(page))['data'] as { findings: unknown }).findings)
    await page.press('Table')
    expect(await page.page.locator('.answer-table th').allTextContents()).toEqual(
      expect.arrayContaining(['type', 'employee.email', 'account.passwordPeers', 'app.name']),
    )
    expect(await page.page.locator('.answer-table tbody tr').count()).toBe(nodes.length)
    // More rows than there is room for leave the line below them, and the editors, where they were.
    expect(nodes.length).toBeGreaterThan(40)
    const [bar, editors] = await Promise.all(
      ['.answer-bar', '.graphiql-editors'].map(each => page.page.locator(each).boundingBox()),
    )
    expect((bar?.y ?? 0) + (bar?.height ?? 900)).toBeLessThan(900)
    expect(editors?.width).toBeGreaterThan(400)
    const download = page.page.waitForEvent('download')
    await page.press('Save as CSV')
    const file = await download
    expect(file.suggestedFilename()).toBe('findings.csv')
    const lines = readFileSync(await file.path(), 'utf8').split('\r\n')
    expect(lines[0]).toMatch(/^\uFEFFtype,state,createdAt,weakPasswordReasons,/)
    expect(lines).toHaveLength(nodes.length + 2)
    await page.press('JSON')
  })

  test.each(streams)(
    'the tab %s keeps its events, the newest first, until it is stopped',
    async name => {
      await page.openTab(name)
      const request = asked(page, name)
      await page.press(/^Execute query/)
      expect((await request).headers()['accept']).toBe('text/event-stream')
      const kept = async () =>
        (await answerOf(page)) as { readonly received?: number; readonly events?: object[] }
      await expect.poll(async () => (await kept()).received ?? 0).toBeGreaterThan(1)
      const { received, events = [] } = await kept()
      expect(events).toHaveLength(Math.min(received ?? 0, 100))
      expect(await page.line()).toMatch(/^Listens: \d+ events so far/)
      const times = events.map(event => Date.parse((event as { occurredAt: string }).occurredAt))
      expect(Math.max(...times)).toBe(times[0])

      const broken = page.page.waitForEvent('requestfailed', {
        predicate: each => each.url().endsWith('/graphql'),
      })
      await page.press(/^Stop query/)
      await broken
      await expect.poll(page.line).toMatch(/^Stopped/)
      expect((await kept()).received).toBeGreaterThan(1)
    },
  )

  test('the menu has the questions of docs/queries.md, and opens them ready to run', async () => {
    await page.press('Show Questions')
    const panel = page.page.getByRole('region', { name: 'Questions' })
    const titles = await panel.getByRole('listitem').allTextContents()
    expect(titles.toSorted()).toEqual(questions.map(({ title }) => title).toSorted())
    expect(titles.slice(0, 20).every(title => title.endsWith('?'))).toBe(true)
    const risky = questions.find(({ name }) => name === 'Risky')
    await panel.getByRole('button', { name: risky?.title ?? '', exact: true }).click()
    await expect.poll(() => page.shown('operation')).toBe(risky?.query)
    expect(await page.page.getByRole('tab').count()).toBe(8)
    await page.run()
    const { data } = (await answerOf(page)) as { data: { employees: unknown } }
    expect(rowsOf(data.employees).length).toBeGreaterThan(0)
    // Once more leads to the tab that has it.
    await page.openTab('Tenants')
    await panel.getByRole('button', { name: risky?.title ?? '', exact: true }).click()
    await expect.poll(() => page.shown('operation')).toBe(risky?.query)
    expect(await page.page.getByRole('tab').count()).toBe(8)
  })

  test('the search of the documentation finds values of enumerations and arguments', async () => {
    await page.press('Show Documentation Explorer')
    const search = page.page.getByLabel('Search the documentation')
    await search.fill('WEAK_PASSWORD')
    await page.press(/^FindingType\.WEAK_PASSWORD /)
    const docs = page.page.getByRole('region', { name: 'Documentation Explorer' })
    await expect.poll(() => docs.innerText()).toMatch(/FindingType[^]*WEAK_PASSWORD/)
    expect(await search.inputValue()).toBe('')
    await search.fill('query.orderBy')
    await page.press(/^Query\.employees\(orderBy: /)
    await expect.poll(() => docs.innerText()).toMatch(/employees[^]*orderBy/)
  })

  test('headers of a tab go with its request', async () => {
    await page.openTab('Tenants')
    await page.press('Headers')
    await page.page.locator('.graphiql-editor-tool .monaco-editor:visible').last().click()
    await page.page.keyboard.insertText('{ "x-pushgraph-plan": "only" }')
    const request = asked(page, 'Tenants')
    await page.run()
    expect((await request).headers()['x-pushgraph-plan']).toBe('only')
  })

  test('the editor knows the schema: it marks a field that does not exist', async () => {
    await page.press('New tab')
    await page.page.locator('.graphiql-query-editor .monaco-editor').first().click()
    await page.page.keyboard.insertText('{ nothingOfTheKind }')
    await page.page.locator('.graphiql-query-editor .squiggly-error').first().waitFor()
  })
})

test('a link opens a question, also with a slash behind the path', async () => {
  const { shown } = await open({ path: '/graphiql/#question=Connectors' })
  const query = questions.find(({ name }) => name === 'Connectors')?.query
  await expect.poll(() => shown('operation')).toBe(query)
})

test('on a screen of 390 × 844 the answer stands below the editor, and all can be reached', async () => {
  const page = await open({ width: 390, height: 844 })
  await page.run()
  await page.press('Cost')
  await page.press('Table')
  const frame = async (selector: string) => {
    const box = await page.page.locator(selector).boundingBox()
    return box ?? { x: 0, y: 0, width: 0, height: 0 }
  }
  const [editors, answer] = [await frame('.graphiql-editors'), await frame('.graphiql-response')]
  expect(answer.y).toBeGreaterThanOrEqual(editors.y + editors.height)
  expect(answer.width).toBeGreaterThan(340)
  for (const selector of ['.graphiql-editors', '.graphiql-response', '.graphiql-sidebar']) {
    const { x, y, width, height } = await frame(selector)
    expect(x).toBeGreaterThanOrEqual(0)
    expect(x + width).toBeLessThanOrEqual(390)
    expect(y + height).toBeLessThanOrEqual(844)
    expect(height).toBeGreaterThan(40)
  }
  await page.press('Show Questions')
  await page.press('Hide Questions')
})

describe.each([
  ['light', 1440],
  ['dark', 1440],
  ['light', 390],
  ['dark', 390],
] as const)('in %s colours, %d wide', (theme, width) => {
  test('axe finds nothing wrong with what stands beside GraphiQL itself', async () => {
    const page = await open({ width, height: 900, isDark: theme === 'dark' })
    const dark = await page.page.evaluate(
      'getComputedStyle(document.querySelector(".graphiql-container")).backgroundColor',
    )
    expect(dark).toBe(theme === 'dark' ? 'rgb(33, 42, 59)' : 'rgb(255, 255, 255)')
    await page.press('Cost')
    await page.run()
    await page.page.getByText('How its rows were got').waitFor()
    expect(await page.flaws()).toEqual([])
    await page.press('Table')
    await page.press('Show Questions')
    expect(await page.flaws()).toEqual([])
    await page.press('Show Documentation Explorer')
    await page.page.getByLabel('Search the documentation').fill('password')
    await page.page.getByText(/\d+ found/).waitFor()
    expect(await page.flaws()).toEqual([])
  })
})

test('no request went to another host, and the browser complained of nothing', () => {
  const addresses = opened.flatMap(({ asked }) => asked)
  const hosts = new Set(addresses.map(url => new URL(url).host))
  expect([...hosts].filter(host => host !== '')).toEqual([new URL(product.url).host])
  expect(addresses.some(url => url.includes('worker'))).toBe(true)
  expect(opened.flatMap(({ complaints }) => complaints)).toEqual([])
})
