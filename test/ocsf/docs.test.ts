/** The page about OCSF says what the code does. With `npx vitest run test/ocsf/docs.test.ts -u` its tables are made anew. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { expect, test } from 'vitest'
import { collectionNames } from '../../src/model/collections.ts'
import { ocsfVersions } from '../../src/ocsf/ocsf.ts'
import { runCommand } from '../support/terminal.ts'
import { withTables } from './docs-tables.ts'

const path = fileURLToPath(new URL('../../docs/ocsf.md', import.meta.url))
const page = readFileSync(path, 'utf8')

test('the tables of docs/ocsf.md are what the projections do', async () => {
  const config = await resolveConfig(path)
  const made = await format(withTables(page), { ...config, parser: 'markdown' })
  await expect(made).toMatchFileSnapshot(path)
})

test('a table that nobody shows, or that is not made, is noticed', () => {
  expect(() => withTables('')).toThrow('The page lacks classes, webhooks, Employee')
  expect(() => withTables('<!-- table Nothing -->\n<!-- end -->')).toThrow('no table Nothing')
})

test('every version and every option of an export is told', async () => {
  for (const version of ocsfVersions) expect(page).toContain(version)
  for (const name of collectionNames) expect(page).toContain(name)
  const { output } = await runCommand(['export', '--help'])
  const options = [...output.matchAll(/^ {2}(?:-\w, )?--([a-z]+) <?/gm)].map(([, name]) => name)
  expect(options).toContain('patience')
  for (const option of options)
    if (!['help', 'version'].includes(String(option)))
      expect(page).toContain(`\`--${String(option)}`)
})

test('the exports that the pages show are such as can be asked for', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const shown = [...`${page}${readme}`.matchAll(/pushgraph export ([^|\n]*)/g)].map(
    ([, args = '']) =>
      args
        .trim()
        .split(/\s+/)
        .filter(word => word !== '\\'),
  )
  expect(shown.length).toBeGreaterThan(2)
  for (const args of shown.filter(words => words[0]?.startsWith('--') === true)) {
    // Without settings that can be used it ends there, and tells what is wrong with the options besides.
    const { errors } = await runCommand(['export', ...args], { environment: { PORT: 'x' } })
    expect(errors).toMatch(/^The settings cannot be used/)
  }
})
