import { gzipSync } from 'node:zlib'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createData } from '../../../src/demo/data.ts'
import { VIEWS } from '../../../src/http/pages/overview/address.ts'
import type { BrowserPageOptions } from '../../support/browser-page.ts'
import { launchChromium } from '../../support/chromium.ts'
import { buildGraphiql, buildOverview } from '../../support/graphiql-bundle.ts'
import type { Monaco } from '../../support/graphiql-page.ts'
import { openOverview, type OverviewPage } from '../../support/overview-page.ts'
import { serveProduct, type Serving } from '../../support/product.ts'
import { toDataset } from '../../support/reference-graph.ts'

/** What the product serves, made once more: what is compared has nothing to do with the time. */
const data = toDataset(createData({ seed: 1, scale: 0.05, now: Date.now() }))
const departments = new Map(data.employees.map(({ id, department }) => [id, department]))
/** Null also where an account's employee is not there. */
const departmentOf = (id: string): string | null => departments.get(id) ?? null

let product: Serving
let browser: Browser
const opened: OverviewPage[] = []
const open = async (options?: BrowserPageOptions): Promise<OverviewPage> => {
  const page = await openOverview(browser, product.url, options)
  opened.push(page)
  return page
}

beforeAll(async () => {
  buildGraphiql()
  buildOverview()
  product = await serveProduct({
    environment: {
      PUSHGRAPH_DOCUMENTS_MODE: 'only',
      PUSHGRAPH_DOCUMENTS: 'documents.json',
      PUSHGRAPH_DEMO_SCALE: '0.05',
      PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
      PUSHGRAPH_DEMO_LATENCY_MS: '5',
    },
    // Nothing but this is listed: what the page asks is built in.
    files: { 'documents.json': '{ "other": "{ connectors { alias } }" }' },
  })
  browser = await launchChromium()
}, 300_000)

afterAll(async () => {
  await browser.close()
  product.kill('SIGTERM')
  await product.ended
})

const count = (value: number): string => value.toLocaleString('en')

describe('the numbers are those of an independent count', () => {
  let tiles: Readonly<Record<string, string>>
  const without = data.accounts.filter(({ mfaRegistered }) => mfaRegistered === false)

  beforeAll(async () => {
    const page = await open()
    await page.goTo('')
    tiles = await page.tiles()
  })

  test('of the day', () => {
    const open = data.findings.filter(({ state }) => state === 'OPEN')
    const active = data.detections.filter(({ archived }) => !archived)
    const today = tiles['Today'] ?? ''
    expect(today).toContain(`People ${count(data.employees.length)} `)
    expect(today).toContain(`Accounts ${count(data.accounts.length)} `)
    expect(today).toContain(`Accounts without MFA ${count(without.length)} `)
    expect(today).toContain(`Apps ${count(data.apps.length)} `)
    expect(today).toContain(`Open findings ${count(open.length)} `)
    expect(today).toContain(`Detections, not archived ${count(active.length)} `)
    expect(today).toContain('What it was a week ago is not known here')
  })

  test('of accounts without MFA, by department', () => {
    const all = new Set(data.accounts.map(each => departmentOf(each.employeeId)))
    for (const department of all) {
      const isOf = ({ employeeId }: { employeeId: string }) =>
        departmentOf(employeeId) === department
      const [part, whole] = [without.filter(isOf), data.accounts.filter(isOf)]
      expect(tiles['Accounts without MFA by department']).toContain(
        `${department ?? 'no department'} ${Math.round((100 * part.length) / whole.length)} % ${part.length} of ${whole.length}`,
      )
    }
  })

  test('of apps that are not approved, by their accounts', () => {
    const unapproved = data.apps.filter(({ approvalStatus }) => approvalStatus === 'NOT_APPROVED')
    const uses = unapproved.map(
      ({ id }) => data.accounts.filter(({ appId }) => appId === id).length,
    )
    const shown = [...(tiles['Apps not approved, by accounts'] ?? '').matchAll(/ (\d+)(?= |$)/g)]
    expect(shown.length).toBeGreaterThan(0)
    const most = uses.sort((a, b) => b - a).slice(0, 12)
    expect(most.map(String).every(use => shown.some(([, each]) => each === use))).toBe(true)
  })

  test('of passwords', () => {
    for (const [type, written] of [
      ['REUSED_PASSWORD', 'Reused password'],
      ['LEAKED_PASSWORD', 'Leaked password'],
    ]) {
      const found = data.findings.filter(each => each.type === type && each.state === 'OPEN')
      expect(tiles['Reused, weak, leaked and stolen passwords']).toContain(
        `${written} ${count(found.length)} `,
      )
    }
  })
})

describe.each([
  ['light', 1440],
  ['dark', 390],
] as const)('in %s colours, %d wide', (theme, width) => {
  let page: OverviewPage
  beforeAll(async () => {
    page = await open({ width, isDark: theme === 'dark' })
  })

  test.each(VIEWS)(
    'every tile of the view %s has rows, and axe finds nothing wrong',
    async view => {
      await page.goTo(`#/${view}?days=90`)
      const tiles = page.page.locator('[data-tile]')
      for (const tile of await tiles.all()) {
        const rows = tile.locator(
          'tbody tr, .bars li, svg rect[class^="c"], svg rect[class^="s-"], dd',
        )
        await expect.poll(() => rows.count()).toBeGreaterThan(0)
        expect(await tile.locator('.failure').count()).toBe(0)
      }
      for (const text of Object.values(await page.tiles()))
        expect(text).toMatch(
          /As of .+, whole|From what is stored here, whole|since this view was opened/,
        )
      expect(await page.flaws()).toEqual([])
      expect(await page.isTooWide()).toBe(false)
    },
  )
})

test('a person, an app and a search have their pages, in the other colours', async () => {
  const page = await open({ width: 1440, isDark: true })
  const { page: tab } = page
  await page.goTo('#/people')
  await tab
    .getByRole('region', { name: 'People with the most findings' })
    .getByRole('link')
    .first()
    .click()
  await tab.getByRole('heading', { name: 'What happened' }).waitFor()
  await tab.getByText('Known since').waitFor()
  const email = await tab.locator('.facts div', { hasText: 'E-mail' }).locator('dd').innerText()
  expect(data.employees.map(each => each.email)).toContain(email)
  const person = data.employees.find(each => each.email === email)
  const accounts = data.accounts.filter(({ employeeId }) => employeeId === person?.id)
  const listed = tab.getByRole('region', { name: /^Accounts, / }).locator('tbody tr')
  expect(await listed.count()).toBe(Math.min(50, accounts.length))
  const happened = tab.getByRole('list', { name: 'What happened, the latest first' })
  await happened
    .getByText(/^The account \S+@\S+ at .+ was last used\.$/)
    .first()
    .waitFor()
  expect(await happened.getByRole('listitem').count()).toBeGreaterThan(10)
  expect(await page.flaws()).toEqual([])

  await listed.getByRole('link').first().click()
  await tab.getByRole('heading', { name: 'What it is' }).waitFor()
  await tab.getByText('Without MFA').first().waitFor()
  expect(await page.flaws()).toEqual([])

  // As pasted, defanged; the key leads to the field.
  await tab.locator('main').focus()
  await tab.keyboard.press('/')
  await tab.keyboard.insertText(email.replace('@', '[at]').replaceAll('.', '[.]'))
  await tab.keyboard.press('Enter')
  const found = tab.getByRole('region', { name: 'What was found' })
  await found.getByRole('link', { name: email }).first().waitFor()
  expect(await found.locator('tbody tr').count()).toBeGreaterThan(accounts.length)
  expect(await page.flaws()).toEqual([])
})

test('filters stand in the address, and a link opens the same view', async () => {
  const page = await open()
  await page.goTo('')
  await page.page.getByRole('combobox', { name: 'Department' }).selectOption({ index: 1 })
  await page.page.getByRole('combobox', { name: 'Range' }).selectOption('7')
  await expect.poll(() => new URL(page.page.url()).hash).toMatch(/^#\/overview\?days=7&department=/)
  const department = new URL(page.page.url()).hash.split('department=')[1]
  await page.goTo(new URL(page.page.url()).hash)
  const people = data.employees.filter(
    each => each.department === new URLSearchParams(`d=${department}`).get('d'),
  )
  await expect.poll(async () => (await page.tiles())['Today']).toContain(`People ${people.length} `)
})

test('a tile opens in GraphiQL with its document and variables', async () => {
  const page = await open()
  const [{ department } = { department: null }] = data.employees
  await page.goTo(`#/findings?department=${encodeURIComponent(department ?? '')}`)
  await page.page.getByRole('link', { name: 'Open “All findings by type and state”' }).click()
  await page.page.getByText('OverviewFindingsByType').first().waitFor()
  const variables = (): Promise<string> =>
    page.page.evaluate(() => {
      const { __MONACO } = globalThis as unknown as { readonly __MONACO?: Monaco }
      const models = __MONACO?.editor.getEditors().map(each => each.getModel()) ?? []
      return models.find(model => model?.uri.toString().includes('-variables.'))?.getValue() ?? ''
    })
  await expect.poll(variables).toContain(JSON.stringify(department))
})

test('all that the page takes is below 400 KB as it is sent', () => {
  const folder = join(buildOverview(), 'assets')
  const packed = readdirSync(folder).map(name => gzipSync(readFileSync(join(folder, name))).length)
  expect(packed.reduce((sum, each) => sum + each, 0)).toBeLessThan(400_000)
})

test('no request went to another host, nothing searched stood in an address, and the browser complained of nothing', () => {
  const addresses = opened.flatMap(({ asked }) => asked).map(each => new URL(each))
  expect(new Set(addresses.map(({ host }) => host).filter(host => host !== ''))).toEqual(
    new Set([new URL(product.url).host]),
  )
  const own = addresses.filter(({ pathname }) => !pathname.startsWith('/graphiql'))
  expect(own.filter(({ search }) => search !== '')).toEqual([])
  expect(opened.flatMap(({ complaints }) => complaints)).toEqual([])
})
