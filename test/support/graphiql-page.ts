/** GraphiQL's page in a browser, as whoever sits before it sees and steers it. */
import type { Browser } from 'playwright-core'
import { expect } from 'vitest'
import { type BrowserPage, type BrowserPageOptions, flawsOf, openPage } from './browser-page.ts'

type Editor = 'operation' | 'response' | 'request-headers'

/** What of the editor's library the page leaves to be found. */
export interface Monaco {
  readonly editor: {
    readonly getEditors: () => {
      readonly getModel: () => {
        readonly uri: { readonly toString: () => string }
        readonly getValue: () => string
        readonly setValue: (text: string) => void
        readonly getLinesContent: () => string[]
      } | null
      readonly getTopForLineNumber: (line: number) => number
    }[]
  }
}

export interface PageOptions extends BrowserPageOptions {
  /** As it is opened; `/graphiql` where absent. */
  readonly path?: string
}

export interface GraphiqlPage extends BrowserPage {
  /** The whole text of one of the editors, also the lines that are scrolled out of sight. */
  shown(editor: Editor): Promise<string>
  /** Has that text stand where operations are written. */
  write(operation: string): Promise<void>
  /** The lines of the operation that are broken, as they are too long. */
  brokenLines(): Promise<readonly string[]>
  openTab(operation: string): Promise<void>
  press(button: RegExp | string): Promise<void>
  /** The line below the answer. */
  line(): Promise<string>
  /** Presses the button that runs the operation, and waits until its answer is there. */
  run(): Promise<void>
  /** What axe finds wrong outside of what is GraphiQL's own. */
  flaws(): Promise<readonly string[]>
}

/** Not ours to mend: the editor, and tabs that hold their own buttons. */
const OF_GRAPHIQL = ['.monaco-editor', '.graphiql-tab']

/** Opens it and waits until it can be used. */
export const openGraphiql = async (
  browser: Browser,
  url: string,
  { path = '/graphiql', ...options }: PageOptions = {},
): Promise<GraphiqlPage> => {
  const { page, context, asked, complaints } = await openPage(browser, options, ['error'])
  await page.goto(`${url}${path}`)
  await page.getByRole('tab').first().waitFor()

  const shown: GraphiqlPage['shown'] = editor =>
    page.evaluate(name => {
      const { __MONACO } = globalThis as unknown as { readonly __MONACO?: Monaco }
      const models = __MONACO?.editor.getEditors().map(each => each.getModel()) ?? []
      return models.find(model => model?.uri.toString().includes(`-${name}.`))?.getValue() ?? ''
    }, editor)
  // Until the editor is there, the button runs nothing.
  await page.locator('.graphiql-query-editor .view-line').first().waitFor()

  const line = async (): Promise<string> => (await page.locator('.answer-line').textContent()) ?? ''

  return {
    page,
    context,
    asked,
    complaints,
    shown,
    write: operation =>
      page.evaluate(text => {
        const { __MONACO } = globalThis as unknown as { readonly __MONACO: Monaco }
        const models = __MONACO.editor.getEditors().map(each => each.getModel())
        models.find(model => model?.uri.toString().includes('-operation.'))?.setValue(text)
      }, operation),
    brokenLines: () =>
      page.evaluate(() => {
        const { __MONACO } = globalThis as unknown as { readonly __MONACO: Monaco }
        const editor = __MONACO.editor
          .getEditors()
          .find(each => each.getModel()?.uri.toString().includes('-operation.'))
        const lines = editor?.getModel()?.getLinesContent() ?? []
        const top = (n: number): number => editor?.getTopForLineNumber(n) ?? 0
        const height = top(2) - top(1)
        return lines.filter((_, n) => n + 2 <= lines.length && top(n + 2) - top(n + 1) > height)
      }),
    openTab: async operation => {
      await page.getByRole('tab', { name: operation }).click()
      await expect.poll(() => shown('operation')).toContain(` ${operation}`)
    },
    press: name => page.getByRole('button', { name, exact: true }).click(),
    line,
    run: async () => {
      await page.getByRole('button', { name: /^Execute query/ }).click()
      await expect.poll(line).toMatch(/\d\.\d\d s/)
    },
    flaws: () => flawsOf(page, { exclude: OF_GRAPHIQL }),
  }
}
