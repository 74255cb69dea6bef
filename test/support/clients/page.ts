/** docs/clients.md as its reader takes it: sections with files to write and commands to run. */
import { readFileSync } from 'node:fs'

export interface Section {
  /** Each with the name that stands behind its language. */
  readonly files: readonly { readonly name: string; readonly text: string }[]
  /** The blocks of commands that are run, in their order. */
  readonly commands: readonly string[]
  /** What npm is told to install: `graphql@16.15.0`. */
  readonly packages: readonly string[]
  /** What kind of modules its JavaScript is. */
  readonly modules: string
}

export const page = readFileSync(new URL('../../../docs/clients.md', import.meta.url), 'utf8')

/** The sections by their headings, code or none in them. */
export const sections: ReadonlyMap<string, Section> = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map(text => [text.slice(0, text.indexOf('\n')), toSection(text)]),
)

/** @throws {Error} where the page has no such section */
export const sectionOf = (heading: string): Section => {
  const found = sections.get(heading)
  if (found === undefined) throw new Error(`docs/clients.md has no section ${heading}`)
  return found
}

function toSection(text: string): Section {
  const blocks = [...text.matchAll(/^```(\w+)(?: (\S+))?\n([^]*?)^```$/gm)].map(
    ([, language = '', name, body = '']) => ({ language, name, text: body }),
  )
  const scripts = blocks.filter(({ language, name }) => language === 'sh' && name === undefined)
  const isForNpm = (script: string): boolean => /^npm (init|install|pkg)\b/.test(script)
  const forNpm = scripts.map(({ text }) => text).filter(isForNpm)
  return {
    files: blocks.flatMap(({ name, text }) => (name === undefined ? [] : [{ name, text }])),
    commands: scripts.map(({ text }) => text).filter(script => !isForNpm(script)),
    packages: forNpm.flatMap(script => script.match(/(?<=\s)@?[\w./-]+@\d\S*/g) ?? []),
    modules: /^npm pkg set type=(\w+)$/m.exec(forNpm.join(''))?.[1] ?? 'module',
  }
}
