import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { delivery, post } from '../support/deliveries.ts'
import { type Serving, serveProduct } from '../support/product.ts'
import { startStandIn } from '../support/stand-in.ts'
import { app, list, reply } from '../upstream/client-of-server.ts'
import { serverForTest } from '../upstream/server-for-test.ts'
import type { StandIn } from '../../src/demo/stand-in.ts'

/** A connector of the file. */
interface Listed {
  readonly alias: string
  readonly tenant: { readonly url: string; readonly keys?: StandIn['keys'] }
  readonly secret?: string
  readonly key?: string
  readonly rate?: number
  readonly burst?: number
}

// Of each kind of change, tenants that share no row: acme, globex and initech.
let tenants: readonly StandIn[] = []
const started: (() => Promise<void>)[] = []
let product: Rotated
beforeAll(async () => {
  tenants = await Promise.all(
    [1, 2, 3].map(seed => startStandIn({ seed, scale: 0.02, switches: { latencyMs: 5 } })),
  )
  product = await serve()
})
afterAll(async () => {
  await Promise.all(started.map(stop => stop()))
  await Promise.all(tenants.map(tenant => tenant.close()))
})
const tenant = (index: number): StandIn => {
  const found = tenants[index]
  if (found === undefined) throw new Error('no such tenant')
  return found
}

const fileOf = (listed: readonly Listed[]): string =>
  JSON.stringify({
    connectors: listed.map(({ alias, tenant: of, secret, key, rate = 500, burst = 500 }) => ({
      alias,
      url: of.url,
      apiKey: key ?? of.keys?.readOnly ?? 'any',
      rate,
      burst,
      webhookSecrets: [secret ?? `psws_of_${alias}`],
    })),
  })

interface Rotated extends Serving {
  /** Has these served, whatever was before. */
  readonly begin: (listed: readonly Listed[]) => Promise<void>
  /** Puts another file in place of the one that is served. */
  readonly put: (listed: readonly Listed[] | string) => void
  /** The same into the file itself. */
  readonly edit: (listed: readonly Listed[] | string) => void
  readonly ask: (query: string) => Promise<Answer>
  readonly aliases: () => Promise<readonly string[]>
  /** The status of a delivery to that connector. */
  readonly deliver: (alias: string, id: string, secret?: string) => Promise<number>
}

interface Answer {
  readonly status: number
  readonly data: Readonly<Record<string, unknown>> | null | undefined
  readonly errors: readonly { readonly message: string; readonly extensions?: { code?: string } }[]
}

/** A server over a file that names the first tenant. */
const serve = async (environment: Readonly<Record<string, string>> = {}): Promise<Rotated> => {
  const directory = mkdtempSync(join(tmpdir(), 'pushgraph-rotation-'))
  const path = join(directory, 'connectors.json')
  const edit: Rotated['edit'] = content => {
    writeFileSync(path, typeof content === 'string' ? content : fileOf(content))
  }
  const put: Rotated['put'] = content => {
    writeFileSync(`${path}.new`, typeof content === 'string' ? content : fileOf(content))
    renameSync(`${path}.new`, path)
  }
  put([{ alias: 'acme', tenant: tenant(0) }])
  const product = await serveProduct({
    environment: {
      PUSHGRAPH_CONFIG: path,
      PUSHGRAPH_DATA_DIR: join(directory, 'data'),
      ...environment,
    },
  })
  started.push(async () => {
    product.kill('SIGTERM')
    await product.ended
    rmSync(directory, { recursive: true })
  })
  const ask: Rotated['ask'] = async query => {
    const response = await fetch(`${product.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    const { data, errors = [] } = (await response.json()) as Partial<Answer>
    return { status: response.status, data, errors }
  }
  return {
    ...product,
    begin: async listed => {
      const taken = (): number => product.output().split('The settings were read again. ').length
      const before = taken()
      put(listed)
      await expect.poll(taken).toBeGreaterThan(before)
    },
    edit,
    put,
    ask,
    aliases: async () => {
      const { data } = await ask('{ connectors { alias } }')
      return (data?.['connectors'] as readonly { readonly alias: string }[]).map(
        ({ alias }) => alias,
      )
    },
    deliver: async (alias, id, secret = `psws_of_${alias}`) =>
      (await post(product.url, delivery({ id }), { connector: alias, secret })).status,
  }
}

/** The apps of a tenant under that alias, sorted. */
const appsOf = (alias: string, of: StandIn): readonly string[] =>
  of.data.apps.map(({ id }) => `${alias} ${id}`).sort()

const ALL_APPS = '{ apps(first: 1000) { nodes { id connectorAlias } complete totalCount } }'

/** The apps of an answer to that question, sorted. */
const appsIn = ({ data }: Answer): readonly string[] => {
  const { nodes } = (data as { apps: { nodes: { id: string; connectorAlias: string }[] } }).apps
  return nodes.map(({ id, connectorAlias }) => `${connectorAlias} ${id}`).sort()
}

test('webhook secrets change while the server runs, on SIGHUP and by a file put in place of the other', async () => {
  const [acme] = tenants
  if (acme === undefined) throw new Error('no tenant')
  const of = (secret: string): Listed[] => [{ alias: 'acme', tenant: acme, secret }]
  const { begin, kill, output, edit, put, deliver } = product
  await begin(of('psws_first'))
  const statusOf = (secret: string): Promise<number> => deliver('acme', 'one', secret)
  expect([await statusOf('psws_first'), await statusOf('psws_second')]).toEqual([200, 401])

  edit(of('psws_second'))
  kill('SIGHUP')
  await expect.poll(() => statusOf('psws_second')).toBe(200)
  expect(await statusOf('psws_first')).toBe(401)

  // What cannot be used changes nothing.
  edit('{ "connectors": [')
  await expect.poll(output).toContain('the ones before stay')
  expect(await statusOf('psws_second')).toBe(200)

  put(of('psws_third'))
  await expect.poll(() => statusOf('psws_third')).toBe(200)
})

/** What a stream of events has brought so far. */
const follow = async (url: string): Promise<() => readonly string[]> => {
  const leave = new AbortController()
  onTestFinished(() => {
    leave.abort()
  })
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    signal: leave.signal,
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: 'subscription { events { id connector { alias } } }' }),
  })
  let text = ''
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder()
    for await (const part of response.body ?? []) text += decoder.decode(part, { stream: true })
  }
  read().catch(() => undefined)
  return () =>
    [...text.matchAll(/"id":"([^"]*)","connector":\{"alias":"([^"]*)"/g)].map(
      found => `${found[2]} ${found[1]}`,
    )
}

describe('connectors', () => {
  test('that the file adds are served in every way, and those that it leaves out in none', async () => {
    const acme: Listed = { alias: 'acme', tenant: tenant(0) }
    const globex: Listed = { alias: 'globex', tenant: tenant(1) }
    const { url, begin, edit, put, ask, aliases, deliver, output } = product
    await begin([acme])
    const metrics = async (): Promise<string> => (await fetch(`${url}/metrics`)).text()
    const events = async (): Promise<unknown> =>
      (await ask('{ events { nodes { id connectorAlias } } }')).data
    const person = tenant(1).data.employees[0]
    if (person === undefined) throw new Error('a tenant without people')
    const search = async (): Promise<unknown> =>
      (
        await ask(
          `{ search(value: ${JSON.stringify(person.email)}, types: [EMPLOYEE]) { nodes { connectorAlias } } }`,
        )
      ).data
    const followed = await follow(url)

    // Twice, so that it is kept from then on.
    for (let n = 0; n < 3; n += 1)
      expect(appsIn(await ask(ALL_APPS))).toEqual(appsOf('acme', tenant(0)))
    expect(await deliver('globex', 'too early')).toBe(404)
    expect(await metrics()).not.toContain('connector="globex"')
    expect(await search()).toEqual({ search: { nodes: [] } })
    expect(await deliver('acme', 'a1')).toBe(200)

    edit([acme, globex])
    await expect.poll(aliases).toEqual(['acme', 'globex'])
    expect(appsIn(await ask(ALL_APPS))).toEqual(
      [...appsOf('acme', tenant(0)), ...appsOf('globex', tenant(1))].sort(),
    )
    expect(await search()).toEqual({ search: { nodes: [{ connectorAlias: 'globex' }] } })
    expect(await metrics()).toContain('pushgraph_bucket_rate{connector="globex"} 500')
    expect(await deliver('globex', 'g1')).toBe(200)
    await expect.poll(followed).toEqual(['acme a1', 'globex g1'])

    put([globex])
    await expect.poll(aliases).toEqual(['globex'])
    expect(appsIn(await ask(ALL_APPS))).toEqual(appsOf('globex', tenant(1)))
    expect(await deliver('acme', 'a2')).toBe(404)
    expect(await deliver('globex', 'g2')).toBe(200)
    await expect.poll(followed).toEqual(['acme a1', 'globex g1', 'globex g2'])
    expect(await events()).toEqual({
      events: {
        nodes: [
          { id: 'g2', connectorAlias: 'globex' },
          { id: 'g1', connectorAlias: 'globex' },
        ],
      },
    })
    expect((await ask('{ apps(connectors: ["acme"]) { totalCount } }')).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' } },
    ])
    expect(await metrics()).not.toContain('pushgraph_bucket_rate{connector="acme"}')

    // Its events were kept, as they are where a server begins without the connector.
    put([acme, globex])
    await expect.poll(aliases).toEqual(['acme', 'globex'])
    expect(JSON.stringify(await events())).toContain('a1')
    expect(output()).toContain('Added: globex.')
    expect(output()).toContain('Removed: acme.')
    expect(output()).not.toMatch(/psws_|key_/)
  })

  test('hold as the file has them or not at all', async () => {
    const acme: Listed = { alias: 'acme', tenant: tenant(0) }
    const { url, begin, put, kill, aliases, output } = product
    await begin([acme])
    const already = output().length
    const times = (): number => output().slice(already).split('the ones before stay').length - 1
    put([acme, { alias: 'globex', tenant: tenant(1), rate: 0 }])
    await expect.poll(times).toBe(1)
    expect(output()).toContain('connectors[1].rate')
    const ready = async (): Promise<unknown> => (await fetch(`${url}/readyz`)).json()
    expect(await ready()).toMatchObject({
      status: 'ok',
      reasons: [expect.stringContaining('cannot be used')],
    })
    kill('SIGHUP')
    put([acme, { alias: 'globex', tenant: tenant(1), rate: 0 }])
    put([acme, { alias: 'globex', tenant: tenant(1) }, { alias: 'acme', tenant: tenant(2) }])
    await expect.poll(times).toBe(2)
    expect(await aliases()).toEqual(['acme'])
    put([acme, { alias: 'globex', tenant: tenant(1) }])
    await expect.poll(aliases).toEqual(['acme', 'globex'])
    expect(times()).toBe(2)
    expect(await ready()).toEqual({ status: 'ok' })
  })

  test('of another rate or burst keep their rows, and go by the new limits at once', async () => {
    const of = (rate: number): Listed[] => [{ alias: 'acme', tenant: tenant(0), rate, burst: 50 }]
    const { begin, put, ask, output } = product
    await begin(of(500))
    const limit = async (): Promise<unknown> =>
      (await ask('{ connectors { rateLimit { limit burst } } }')).data
    await ask(ALL_APPS)
    const before = tenant(0).statistics().requests
    put(of(3))
    await expect.poll(limit).toEqual({ connectors: [{ rateLimit: { limit: 3, burst: 50 } }] })
    expect(appsIn(await ask(ALL_APPS))).toEqual(appsOf('acme', tenant(0)))
    expect(tenant(0).statistics().requests).toBe(before)
    expect(output()).toContain('With other limits: acme.')
  })

  test('that work make a server ready again whose only one did not', async () => {
    const { url, begin, put, ask } = product
    await begin([{ alias: 'acme', tenant: { url: 'http://127.0.0.1:9/v1' } }])
    const ready = async (): Promise<number> => (await fetch(`${url}/readyz`)).status
    await expect
      .poll(async () => {
        await ask(ALL_APPS)
        return ready()
      })
      .toBe(503)
    put([{ alias: 'acme', tenant: tenant(0) }])
    await expect.poll(ready).toBe(200)
    expect(appsIn(await ask(ALL_APPS))).toEqual(appsOf('acme', tenant(0)))
  })

  test('with another key begin without rows, which may be those of another tenant', async () => {
    const { readOnly, full } = tenant(0).keys
    const of = (key: string): Listed[] => [{ alias: 'acme', tenant: tenant(0), key }]
    const { begin, ask, output } = product
    await begin(of(readOnly))
    await ask(ALL_APPS)
    const before = tenant(0).statistics().requests
    await begin(of(full))
    expect(appsIn(await ask(ALL_APPS))).toEqual(appsOf('acme', tenant(0)))
    expect(tenant(0).statistics().requests).toBeGreaterThan(before)
    expect(output()).not.toContain(full)
  })
})

const isWhoseKey = (url = ''): boolean => url.endsWith('?limit=100')

describe('an operation under way', () => {
  test('ends with the connectors that it began with', async () => {
    const second = Promise.withResolvers<void>()
    const held = await serverForTest((request, response) => {
      // It is asked whose the key is, and has nothing that is known.
      if (isWhoseKey(request.url)) {
        reply(response, list([]))
        return
      }
      if (request.url?.includes('nextToken=') !== true) {
        reply(response, list([app('1')], 'more'))
        return
      }
      void second.promise.then(() => {
        reply(response, list([app('2')]))
      })
    })
    const { begin, put, ask, aliases } = product
    await begin([{ alias: 'acme', tenant: held }])
    const answer = ask(ALL_APPS)
    const asked = () => held.requests.filter(({ url }) => !isWhoseKey(url)).length
    await expect.poll(asked).toBe(2)
    put([{ alias: 'globex', tenant: tenant(1) }])
    await expect.poll(aliases).toEqual(['globex'])
    // It is still at work; whoever asks now gets what is served now.
    expect(appsIn(await ask(ALL_APPS))).toEqual(appsOf('globex', tenant(1)))
    second.resolve()
    expect(appsIn(await answer)).toEqual(['acme 1', 'acme 2'])
    // Nor is its answer given to anybody else.
    for (let n = 0; n < 3; n += 1)
      expect(appsIn(await ask(ALL_APPS))).toEqual(appsOf('globex', tenant(1)))
    expect(asked()).toBe(2)
  })
})

/** Asks over and over with so many at once, until it is told to stop; every answer is looked at. */
const traffic = (
  { ask }: Rotated,
  width: number,
  look: (answer: Answer) => void,
): (() => Promise<void>) => {
  let isOn = true
  const loop = async (): Promise<void> => {
    while (isOn) {
      look(await ask(ALL_APPS))
    }
  }
  const loops = Promise.all(Array.from({ length: width }, loop))
  return async () => {
    isOn = false
    await loops
  }
}

describe('under traffic', () => {
  test('no answer mixes two files, none fails, and nobody asks a tenant that has gone', async () => {
    const files: readonly (readonly (Listed & { readonly tenant: StandIn })[])[] = [
      [{ alias: 'acme', tenant: tenant(0) }],
      [
        { alias: 'acme', tenant: tenant(0) },
        { alias: 'globex', tenant: tenant(1) },
      ],
      [{ alias: 'globex', tenant: tenant(1) }],
      // Another tenant under the same alias.
      [{ alias: 'globex', tenant: tenant(2) }],
      [
        { alias: 'globex', tenant: tenant(2) },
        { alias: 'acme', tenant: tenant(1) },
      ],
    ]
    const possible = files.map(listed =>
      listed
        .flatMap(({ alias, tenant: of }) => appsOf(alias, of))
        .sort()
        .join(),
    )
    const refreshing = await serve({ PUSHGRAPH_MAX_AGE_S: '1' })
    const { put, kill, output, aliases, ask } = refreshing
    const seen = new Set<number>()
    const wrong: unknown[] = []
    const stop = traffic(refreshing, 4, answer => {
      const index = answer.status === 200 ? possible.indexOf(appsIn(answer).join()) : -1
      if (index < 0 || answer.errors.length > 0) wrong.push(answer)
      else seen.add(index)
    })
    const readings = (): number => output().split('The settings were read again.').length - 1
    for (let n = 1; n <= files.length; n += 1) {
      const before = readings()
      put(files[n % files.length] ?? [])
      kill('SIGHUP')
      await expect.poll(readings).toBeGreaterThan(before)
      await expect
        .poll(async () => (await aliases()).join())
        .toBe((files[n % files.length] ?? []).map(({ alias }) => alias).join())
      await expect.poll(() => seen.has(n % files.length)).toBe(true)
    }
    // The last file names the first tenant alone.
    await stop()
    expect(wrong).toEqual([])
    const others = (): readonly number[] => [1, 2].map(index => tenant(index).statistics().requests)
    const after = others()
    // By the time that stale rows of the one that is left were read again, those of the others would have been, too.
    const requests = tenant(0).statistics().requests
    await expect
      .poll(async () => {
        expect((await ask(ALL_APPS)).errors).toEqual([])
        return tenant(0).statistics().requests
      })
      .toBeGreaterThan(requests + 1)
    expect(others()).toEqual(after)
  })
})
