/** The overview in a browser, as whoever sits before it sees and steers it. */
import type { Browser } from 'playwright-core'
import { type BrowserPage, type BrowserPageOptions, flawsOf, openPage } from './browser-page.ts'

export interface OverviewPage extends Omit<BrowserPage, 'context'> {
  /** Leads there within the page, and waits until each tile has its answer. */
  goTo(hash: string): Promise<void>
  /** The whole text of each tile by its title. */
  tiles(): Promise<Readonly<Record<string, string>>>
  /** What axe finds wrong with the page as it stands. */
  flaws(): Promise<readonly string[]>
  /** Whether the page is wider than its window. */
  isTooWide(): Promise<boolean>
}

export const openOverview = async (
  browser: Browser,
  url: string,
  options: BrowserPageOptions = {},
): Promise<OverviewPage> => {
  const { page, asked, complaints } = await openPage(browser, options, ['error', 'warning'])

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
    flaws: () => flawsOf(page),
    isTooWide: () => page.evaluate('document.documentElement.scrollWidth > innerWidth'),
  }
}
