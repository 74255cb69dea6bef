/**
 * Every query in test/queries gives the answer that stands beside it, on a small demo tenant. Where an answer changes
 * for a good reason, and for a new query, PUSHGRAPH_UPDATE=1 writes it: read the difference before you commit it.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Answer, Graph } from './support/graph.ts'
import { allWaysToRows } from './support/graph-from-disk.ts'

const folder = new URL('queries/', import.meta.url)
const names = readdirSync(folder)
  .filter(name => name.endsWith('.graphql'))
  .map(name => name.replace('.graphql', ''))

/** Fields fail in whichever order they are answered. */
const byPath = (one: Answer['errors'][number], other: Answer['errors'][number]): number =>
  String(one.path).localeCompare(String(other.path), 'en')

describe.each(allWaysToRows)('a graph of rows $rows', ({ create }) => {
  let graph: Graph
  beforeAll(async () => {
    graph = await create({ scale: 0.05 })
  })
  afterAll(() => graph.close())

  test.each(names)('%s', async name => {
    const query = readFileSync(new URL(`${name}.graphql`, folder), 'utf8')
    const given = await graph.run(query)
    const { data, errors } = given
    const answer = JSON.parse(
      JSON.stringify({ data: data as unknown, errors: errors.toSorted(byPath) }),
    ) as unknown
    const file = new URL(`${name}.json`, folder)
    if (process.env['PUSHGRAPH_UPDATE'] === '1')
      writeFileSync(file, `${JSON.stringify(answer, null, 2)}\n`)
    expect(existsSync(file), 'an answer stands beside it; PUSHGRAPH_UPDATE=1 writes it').toBe(true)
    expect(answer).toEqual(JSON.parse(readFileSync(file, 'utf8')))
  })
})

test('no answer stands there without its query', () => {
  const answers = readdirSync(folder).filter(name => !name.endsWith('.graphql'))
  expect(answers.filter(name => !names.includes(name.replace(/\.json$/, '')))).toEqual([])
})
