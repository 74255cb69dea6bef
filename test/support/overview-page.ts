/** The overview in a browser, as whoever sits before it sees and steers it. */
import type { Browser, Page } from 'playwright-core'
import { axe } from './graphiql-page.ts'

export interface OverviewPage {
  readonly page: Page
  /** Every address that was asked for, and everything that the browser complained of. */
  readonly asked: string[]
  readonly complaints: string[]
  /** Leads there within the page, and waits until each tile has its answer. */
  goTo(hash: string): Promise<void>
  /** The whole text of each tile by its title. */
  tiles(): Promise<Readonly<Record<string, string>>>
  /** What axe finds wrong with the page as it stands. */
  flaws(): Promise<readonly string[]>
  /** Whether the page is wider than its window. */
  isTooWide(): Promise<boolean>
}

export interface OverviewPageOptions {
  readonly width?: number
  readonly height?: number
  readonly isDark?: boolean
}

export const openOverview = async (
  browser: Browser,
  url: string,
  { width = 1440, height = 900, isDark = false }: OverviewPageOptions = {},
): Promise<OverviewPage> => {
  const colorScheme = isDark ? 'dark' : 'light'
  const context = await browser.newContext({ viewport: { width, height }, colorScheme })
  const asked: string[] = []
  const complaints: string[] = []
  context.on('request', request => asked.push(request.url()))
  context.on('console', message => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  const page = await context.newPage()
  page.on('pageerror', error => complaints.push(error.message))

  const settled = async (): Promise<void> => {
    await page.locator('[data-tile]').first().waitFor()
    const waiting = page.locator('[data-tile] .progress')
    while ((await waiting.count()) > 0) await waiting.first().waitFor({ state: 'detached' })
  }

  return {
    page,
    asked,
    complaints,
    goTo: async hash => {
      await page.goto(`${url}/${hash}`)
      await settled()
    },
    tiles: async () => {
      const all = await page.locator('[data-tile]').all()
      const texts = await Promise.all(
        all.map(async tile => [
          await tile.locator('h2').innerText(),
          (await tile.innerText()).replaceAll(/\s+/g, ' '),
        ]),
      )
      return Object.fromEntries(texts) as Record<string, string>
    },
    flaws: async () => {
      await page.evaluate(axe)
      return page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          readonly axe: {
            run: () => Promise<{
              readonly violations: {
                readonly id: string
                readonly nodes: { readonly target: unknown[] }[]
              }[]
            }>
          }
        }
        const { violations } = await axe.run()
        return violations.flatMap(({ id, nodes }) =>
          nodes.map(({ target }) => `${id}: ${target.join(' ')}`),
        )
      })
    },
    isTooWide: () => page.evaluate('document.documentElement.scrollWidth > innerWidth'),
  }
}
