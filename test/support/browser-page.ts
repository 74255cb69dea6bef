/** A page in a browser: what it asks for, what the browser complains of, and what axe finds wrong with it. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'

export interface BrowserPage {
  readonly page: Page
  readonly context: BrowserContext
  /** Every address that was asked for, and everything that the browser complained of. */
  readonly asked: string[]
  readonly complaints: string[]
}

export interface BrowserPageOptions {
  readonly width?: number
  readonly height?: number
  readonly isDark?: boolean
}

/** `complains`: the kinds of messages that count as complaints. */
export const openPage = async (
  browser: Browser,
  { width = 1440, height = 900, isDark = false }: BrowserPageOptions,
  complains: readonly string[],
): Promise<BrowserPage> => {
  const colorScheme = isDark ? 'dark' : 'light'
  const context = await browser.newContext({ viewport: { width, height }, colorScheme })
  const asked: string[] = []
  const complaints: string[] = []
  context.on('request', request => asked.push(request.url()))
  context.on('console', message => {
    if (complains.includes(message.type())) complaints.push(message.text())
  })
  const page = await context.newPage()
  page.on('pageerror', error => complaints.push(error.message))
  return { page, context, asked, complaints }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Within {
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
}

interface Axe {
  readonly run: (context: Within) => Promise<{
    readonly violations: {
      readonly id: string
      readonly nodes: { readonly target: unknown[] }[]
    }[]
  }>
}

/** Each rule that is broken, and where: within what the selectors of `include` find, and outside of those of `exclude`. */
export const flawsOf = async (page: Page, within: Within = {}): Promise<string[]> => {
  await page.evaluate(axe)
  return page.evaluate(async context => {
    const { axe } = globalThis as unknown as { readonly axe: Axe }
    const { violations } = await axe.run(context)
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target }) => `${id}: ${target.join(' ')}`),
    )
  }, within)
}
