/** Two callers of one server who ask the same, one of whom may not know who anybody is: whichever way answers. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { demoAppForFile } from '../../support/demo-app.ts'
import { bearer, tokenOf } from '../../support/tokens.ts'

const app = demoAppForFile(directory => {
  const path = join(directory, 'tokens.json')
  const entries = [
    tokenOf('ann', { scopes: ['read', 'events', 'pii'] }),
    tokenOf('bob', { scopes: ['read', 'events'] }),
  ].map(({ name, sha256, scopes }) => ({ name, sha256, scopes }))
  writeFileSync(path, JSON.stringify(entries))
  return { PUSHGRAPH_AUTH: 'tokens', PUSHGRAPH_TOKENS_FILE: path }
})

const ask = async (name: string, query: string, variables = {}) => {
  const response = await fetch(app.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...bearer(name) },
    body: JSON.stringify({ query, variables }),
  })
  return { status: response.status, text: await response.text() }
}

interface Answer {
  readonly data: unknown
  readonly errors?: readonly { readonly extensions: Readonly<Record<string, unknown>> }[]
}
const read = ({ text }: { readonly text: string }): Answer => JSON.parse(text) as Answer

describe('an answer over HTTP', () => {
  it.each([
    '{ employees(first: 5) { nodes { id email firstName department } } }',
    '{ accounts(first: 5) { totalCount nodes { id email employee { lastName department } } } }',
    '{ employees(first: 3) { nodes { ocsf { message json user { name } } } } }',
    '{ connectors { alias } apps(first: 60) { nodes { name owner { email } } } }',
  ])('tells each caller what that caller may know, also when it is kept: %s', async query => {
    const told = new Set<string>()
    for (const name of ['ann', 'bob', 'bob', 'ann', 'ann', 'bob', 'bob']) {
      const { data, errors } = read(await ask(name, query))
      expect(errors).toBeUndefined()
      const text = JSON.stringify(data)
      expect(`${name} ${text.includes('@')}`).toBe(`${name} ${name === 'ann'}`)
      if (name === 'bob') told.add(text.replaceAll(/"(uid|time|original_time)":[^,}]*/g, ''))
    }
    expect(told.size).toBe(1)
  })

  it('refuses to compare, in the same bytes whether or not it exists, and reads nothing', async () => {
    const { data } = read(await ask('ann', '{ employees(first: 1) { nodes { email } } }'))
    const [, email = ''] = /"email":"([^"]+)"/.exec(JSON.stringify(data)) ?? []
    expect(email).toContain('@')
    const before = app.requestsMade()
    for (const query of [
      'query ($e: String) { employee(email: $e) { id } }',
      'query ($e: String) { accounts(filter: { employee: { email: { eq: $e } } }) { totalCount } }',
      'query ($e: String!) { search(value: $e) { totalCount } }',
    ]) {
      const one = await ask('bob', query, { e: email })
      const other = await ask('bob', query, { e: 'nobody.at.all@nowhere.example' })
      expect(one).toEqual(other)
      expect(read(one).errors?.map(({ extensions }) => extensions)).toEqual([
        expect.objectContaining({ code: 'FORBIDDEN', scope: 'pii' }),
      ])
      expect(one.text).not.toContain('nowhere.example')
    }
    expect(app.requestsMade()).toBe(before)
  })

  it('may be counted and grouped by what names nobody', async () => {
    const { data, errors } = read(
      await ask(
        'bob',
        '{ findings { groups(by: [EMPLOYEE_DEPARTMENT], first: 3) { keys count } } }',
      ),
    )
    expect(errors).toBeUndefined()
    expect(JSON.stringify(data)).toMatch(/"keys":\["[A-Z]/)
  })
})
