/** Listed documents as the server has them: checked at the start, and read again while it runs. */
import { rmSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { demoAppBeside } from '../support/demo-app.ts'

const APPS = 'query Apps { apps(first: 1) { totalCount } }'
const PEOPLE = 'query People { employees(first: 1) { totalCount } }'

const appForTest = async (files: Readonly<Record<string, string>>) => {
  const inDocs = Object.entries(files).map(([name, text]) => [`docs/${name}`, text])
  const { directory, app, url, lines, ...beside } = await demoAppBeside(
    Object.fromEntries(inDocs) as typeof files,
    { PUSHGRAPH_DOCUMENTS: 'docs', PUSHGRAPH_DOCUMENTS_MODE: 'only' },
  )
  const put = (name: string, text: string): void => {
    beside.put(`docs/${name}`, text)
  }
  const ask = async (body: object): Promise<string> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const { errors } = (await response.json()) as {
      readonly errors?: readonly { readonly extensions: { readonly code: string } }[]
    }
    return errors?.[0]?.extensions.code ?? 'ok'
  }
  const byHash = (text: string): Promise<string> =>
    ask({ documentId: createHash('sha256').update(text).digest('hex') })
  return { directory, put, app, ask, byHash, lines }
}

test('a server does not begin with documents that do not fit, and says all that is wrong', async () => {
  await expect(
    appForTest({ 'a.graphql': '{ nope }', 'b.graphql': '{\n  apps {', 'c.graphql': APPS }),
  ).rejects.toThrow(
    /PUSHGRAPH_DOCUMENTS: docs\/b\.graphql:2: [^]*PUSHGRAPH_DOCUMENTS: docs\/a\.graphql:1: Cannot query field "nope"/,
  )
})

test('documents are read again: those that have gone are served no more, not even from what was kept', async () => {
  const { directory, put, app, ask, byHash, lines } = await appForTest({ 'apps.graphql': APPS })
  for (let n = 0; n < 3; n += 1) {
    expect(await byHash(APPS)).toBe('ok')
    expect(await ask({ query: APPS })).toBe('ok')
  }
  expect(await ask({ query: PEOPLE })).toBe('QUERY_NOT_IN_SAFELIST')

  // A new version that cannot be used leaves the one before in force.
  put('people.graphql', 'query People { nope }')
  app.reload()
  expect(lines.join()).toContain('the ones before stay')
  expect(lines.join()).toContain('docs/people.graphql:1: Cannot query field')
  expect(await byHash(APPS)).toBe('ok')
  expect(await ask({ query: PEOPLE })).toBe('QUERY_NOT_IN_SAFELIST')

  put('people.graphql', PEOPLE)
  rmSync(join(directory, 'docs', 'apps.graphql'))
  app.reload()
  expect(lines.join()).toContain('Listed documents: 1 (only)')
  expect(await byHash(PEOPLE)).toBe('ok')
  expect(await ask({ query: PEOPLE })).toBe('ok')
  expect(await byHash(APPS)).toBe('PERSISTED_QUERY_NOT_FOUND')
  expect(await ask({ query: APPS })).toBe('QUERY_NOT_IN_SAFELIST')

  // By itself, too.
  put('apps.graphql', APPS)
  await expect.poll(() => byHash(APPS)).toBe('ok')
})
