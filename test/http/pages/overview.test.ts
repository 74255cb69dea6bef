import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, validate } from 'graphql'
import { afterAll, describe, expect, test } from 'vitest'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema, createNaming } from '../../../src/graphql/schema/schema.ts'
import { overviewDocumentsOf } from '../../../src/http/pages/overview.ts'
import { startToy } from '../../support/toy-server.ts'

const scratch = mkdtempSync(join(tmpdir(), 'pushgraph-overview-'))
writeFileSync(join(scratch, 'index.html'), '<!doctype html><body></body>')
const documents = { Odd: 'query Odd { a(b: "</script>") }' }
const toy = await startToy({ overview: { directory: scratch, documents } })
afterAll(async () => {
  await toy.server.stop(1000)
  rmSync(scratch, { recursive: true, force: true })
})

test('/ is the page, which may load nothing from another host and no script or style within it', async () => {
  const response = await fetch(toy.url)
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const policy = response.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toMatch(/https?:|\*|unsafe/)
})

test('its documents come with it as data that ends no script', async () => {
  const page = await (await fetch(toy.url)).text()
  const data = /<script type="application\/json" id="given">([^<]*)<\/script>/.exec(page)?.[1]
  expect(JSON.parse(data ?? '')).toEqual({ documents, asksCallers: false })
})

test('where the page was never built, the answer is the command that builds it', async () => {
  const directory = join(scratch, 'nowhere')
  const unbuilt = await startToy({ overview: { directory, documents } })
  const response = await fetch(unbuilt.url)
  expect(response.status).toBe(503)
  expect(await response.text()).toContain('npm run prepare')
  await unbuilt.server.stop(1000)
})

describe.each(['', 'Push'])('with names that begin with %j', prefix => {
  const naming = createNaming(prefix)
  const schema = createExecutableSchema(resolvers, naming)
  const found = overviewDocumentsOf(naming)

  test('each file is one document under the name of its operation', () => {
    const files = readdirSync(
      new URL('../../../src/http/pages/overview/documents', import.meta.url),
    )
    expect(Object.keys(found)).toHaveLength(files.length)
  })

  test.each(Object.entries(found))('%s fits the schema', (name, text) => {
    expect(text).toContain(` ${name}`)
    expect(validate(schema, parse(text))).toEqual([])
  })
})
