import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { readDelivery } from '../../src/webhooks/delivery.ts'
import { sign } from '../../src/webhooks/signature.ts'
import { createRandom } from '../support/clock.ts'
import { delivery, LATER, post, sample, sampleNames, SECRET } from '../support/deliveries.ts'
import { directoryForTest } from '../support/directory.ts'
import { serveProduct, type Serving } from '../support/product.ts'

/** A server whose Push is out of reach: webhooks need nothing of it. */
const serve = async (dataDirectory: string): Promise<Serving> =>
  serveProduct({
    environment: {
      PUSH_API_KEY: 'key',
      PUSH_API_URL: 'http://127.0.0.1:9/v1',
      PUSH_WEBHOOK_SECRET: SECRET,
      PUSHGRAPH_DATA_DIR: dataDirectory,
      LOG_LEVEL: 'warn',
    },
  })

/** How often each event is in the file. */
const idsIn = (dataDirectory: string): Map<string, number> => {
  const file = new DatabaseSync(join(dataDirectory, 'events.db'), { readOnly: true })
  const rows = file
    .prepare('SELECT id, count(*) AS n FROM event JOIN event_body USING (sequence) GROUP BY id')
    .all()
  file.close()
  return new Map(rows.map(({ id, n }) => [String(id), Number(n)]))
}

/** For the tests that look at their own deliveries alone: a start takes more than all that they ask. */
let shared: Serving
beforeAll(async () => {
  const data = mkdtempSync(join(tmpdir(), 'pushgraph-'))
  shared = await serve(data)
  return async () => {
    shared.kill('SIGTERM')
    await shared.ended
    rmSync(data, { recursive: true, force: true })
  }
})

describe('POST /webhooks/{connector}', () => {
  it('answers each delivery by what it is, and stores the good ones once', async () => {
    const data = directoryForTest()
    const { url, kill, ended } = await serve(data)
    const body = sample('LOGIN-1')
    const seconds = Math.floor(Date.now() / 1_000)

    expect(await post(url, body)).toEqual({ status: 200, body: { status: 'stored' } })
    expect(await post(url, body)).toEqual({ status: 200, body: { status: 'known' } })
    expect(await post(url, body, { signedAt: seconds - 60 })).toMatchObject({ status: 200 })

    const refused = async (status: number, ...args: Parameters<typeof post>) => {
      const answer = await post(...args)
      expect(answer.status).toBe(status)
      expect(JSON.stringify(answer.body)).not.toContain('example.com')
    }
    await refused(404, url, body, { connector: 'nobody' })
    await refused(401, url, body, { header: null })
    await refused(401, url, body, { header: 't=1' })
    await refused(401, url, body, { secret: 'psws_other' })
    await refused(401, url, body, { signedAt: seconds - 3_600 })
    await refused(401, url, body, { signedAt: seconds + 3_600 })
    await refused(400, url, sample('invalid-json.txt'))
    await refused(401, url, sample('invalid-json.txt'), { secret: 'psws_other' })
    await refused(413, url, Buffer.alloc(1_048_577, 0x20))
    expect((await fetch(`${url}/webhooks/default`)).status).toBe(405)

    const full = delivery({ id: 'large', new: { text: 'x'.repeat(1_048_000) } })
    expect(await post(url, full)).toMatchObject({ status: 200 })
    kill('SIGTERM')
    await ended
    expect([...idsIn(data)]).toEqual([
      ['123', 1],
      ['large', 1],
    ])
  })

  it('stores what is signed rightly a thousand levels deep, and gives it back', async () => {
    const { url } = shared
    const deep = (levels: number, end: unknown): unknown => {
      let value = end
      for (let level = 0; level < levels; level += 1)
        value = level % 2 === 0 ? { a: value } : [value]
      return value
    }
    const sendDeep = (id: string, levels: number) =>
      post(
        url,
        delivery({
          id,
          object: 'EMPLOYEE',
          category: 'ENTITY',
          type: 'UPDATE',
          new: { id: 'deep', notes: deep(levels - 2, 'new') },
          old: { id: 'deep', notes: deep(levels - 2, 'old') },
        }),
      )
    expect(await sendDeep('a hundred', 100)).toMatchObject({ status: 200 })
    expect(await sendDeep('a thousand', 1_000)).toMatchObject({ status: 200 })
    expect(await sendDeep('too deep', 1_001)).toMatchObject({
      status: 400,
      body: { errors: [{ message: expect.stringContaining('more than 1000 levels deep') }] },
    })
    const ask = async (query: string) => {
      const answer = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      })
      return (await answer.json()) as { errors?: unknown; data: { events: { nodes: unknown[] } } }
    }
    const query = `{ events(filter: { entityId: { eq: "deep" } }, orderBy: [{ field: ID }]) { nodes { id payload ocsf { json }
      ... on EntityEvent { changes { path old new } } } } }`
    // The second time by the compiled document.
    for (const text of [query, `${query} `]) {
      const { data, errors } = await ask(text)
      expect(errors).toBeUndefined()
      expect(data.events.nodes).toMatchObject([
        { id: 'a hundred', changes: [{}], payload: { old: { notes: deep(98, 'old') } } },
        { id: 'a thousand', changes: [{}], payload: { new: { notes: deep(998, 'new') } } },
      ])
    }
  })

  it('takes every sample', async () => {
    const { url } = shared
    for (const name of sampleNames) {
      const changed = sample(name).toString('utf8').replace('"id": "123"', `"id": "${name}"`)
      expect(await post(url, Buffer.from(changed))).toEqual({
        status: 200,
        body: { status: 'stored' },
      })
    }
  })

  it('takes deliveries under the public name that Push knows it by', async () => {
    const { url } = shared
    const status = await new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(url)
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          'POST /webhooks/default HTTP/1.1\r\nhost: hooks.example.com\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}',
        )
      })
      socket.once('data', data => {
        resolve(String(data).slice(9, 12))
        socket.destroy()
      })
      socket.once('error', reject)
    })
    expect(status).toBe('401')
  })
})

/** Half a letter, as JSON writes it, and not as a letter of its own after a backslash. */
const HALF = /(?<!\\)\\u(?:d[89ab]..(?!\\ud[c-f])|d[c-f])/i

describe('half a letter, where Push cut a text in the middle of an emoji', () => {
  it('is told as U+FFFD, whatever was stored, and keeps no other letter from being told or found', async () => {
    const data = directoryForTest()
    const { url, kill, ended } = await serve(data)
    const event = {
      id: 'cut',
      description: 'cut \ud83d',
      friendlyName: '\udc00 login',
      new: {
        email: 'x@y.example',
        userAgent: 'UA \ud83d',
        appType: 'A\ud83d',
        ['\udfff']: ['\ud800'],
      },
    }
    const cut = delivery(event)
    expect(cut.toString()).toMatch(HALF)
    expect(await post(url, cut)).toMatchObject({ status: 200, body: { status: 'stored' } })
    expect(await post(url, cut)).toMatchObject({ status: 200, body: { status: 'known' } })

    const ask = async (query: string, variables: object = {}): Promise<string> => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      })
      const text = await response.text()
      expect(text).not.toMatch(HALF)
      return text
    }
    const events = await ask(
      '{ events { nodes { id description objectName payload ocsf { json } } groups(by: [DESCRIPTION]) { keys } } }',
    )
    expect(JSON.parse(events)).toMatchObject({
      data: {
        events: {
          nodes: [
            {
              id: 'cut',
              description: 'cut \ufffd',
              objectName: '\ufffd login',
              payload: { new: { userAgent: 'UA \ufffd', '\ufffd': ['\ufffd'] } },
            },
          ],
        },
      },
    })
    const filtered =
      'query ($text: String) { events(filter: { description: { eq: $text } }) { totalCount } }'
    expect(await ask(filtered, { text: 'cut \ud83d' })).toContain('"totalCount":1')
    // What the caller sent is quoted in the error.
    expect(
      await ask('query ($n: Int) { events(first: $n) { totalCount } }', { n: '\ud83d' }),
    ).toMatch(/"code":"BAD_USER_INPUT"/)
    kill('SIGTERM')
    await ended
    // The bytes that were signed stand in the file as they came.
    const file = new DatabaseSync(join(data, 'events.db'), { readOnly: true })
    expect(file.prepare('SELECT body FROM event_body').get()?.['body']).toBe(cut.toString())
    file.close()
  })
})

/** Bodies that nobody sends in good faith, each with an id of its own; some cannot be read at all. */
const hostileBodies = (): readonly string[] => {
  const kinds = [
    ['LOGIN', 'ACTIVITY', undefined],
    ['EMPLOYEE', 'ENTITY', 'UPDATE'],
    ['ACCOUNT_OTHER', 'ENTITY', 'CREATE'],
    ['APP_OTHER', 'ENTITY', 'DELETE'],
    ['PHISHING', 'DETECTION', 'UPDATE'],
    ['__proto__', 'constructor', 'toString'],
  ] as const
  const values = [
    ...fc.sample(fc.json({ maxDepth: 6 }), { seed: 1, numRuns: 60 }),
    ...fc.sample(
      fc.object({ withBigInt: false }).map(value => JSON.stringify(value)),
      { seed: 2, numRuns: 30 },
    ),
    `${'['.repeat(60)}${']'.repeat(60)}`,
    `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`,
    '{"id":1e999,"email":-1e999,"createdAt":123456789012345678901234567890}',
    '{"id":"\\ud800","email":"\\udfff@example.com","employeeId":"\\u0000"}',
    '{"id":"a","id":"b","email":1,"email":"twice@example.com"}',
    '{"__proto__":{"id":"polluted"},"constructor":{"prototype":{"id":"polluted"}},"id":"c"}',
    '{"":"","id":"d","toString":1,"hasOwnProperty":2,"length":-1}',
    '{"id":{"id":{"id":[]}},"email":[[[]]],"employee":{"id":7,"email":{}}}',
    '{unfinished',
    '"\\u12"',
  ]
  return values.flatMap((value, index) => {
    const [object, category, type] = kinds[index % kinds.length] ?? kinds[0]
    const word = type === undefined ? '' : `"type":"${type}",`
    return [
      `{"id":"hostile ${index}","timestamp":1757404720,"object":"${object}","category":"${category}",${word}"new":${value},"old":${value},"actor":${value}}`,
      value,
    ]
  })
}

it('no body brings the server down, and each is stored whole or not at all', async () => {
  const data = directoryForTest()
  const { url, kill, ended } = await serve(data)
  const stored: string[] = []
  for (const body of hostileBodies()) {
    const { status } = await post(url, Buffer.from(body))
    expect([200, 400, 413]).toContain(status)
    const read = readDelivery(Buffer.from(body), LATER)
    expect(status === 200).toBe(read.ok)
    if (read.ok) stored.push(read.event.id)
  }
  expect(stored.length).toBeGreaterThan(80)

  // All that was taken can be told again, by every field.
  const query = `{
    events(first: 1000) {
      nodes {
        id payload email entityId
        ... on EntityEvent { new old changes { path old new } }
        ... on DetectionChangeEvent { new old }
        ocsf { class_uid json }
      }
    }
    otherAccounts { totalCount }
    otherApps { totalCount }
  }`
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const answer = (await response.json()) as {
    errors?: unknown
    data: { events: { nodes: { id: string }[] } }
  }
  expect(answer.errors).toBeUndefined()
  expect(answer.data.events.nodes.map(({ id }) => id).sort()).toEqual([...new Set(stored)].sort())
  kill('SIGTERM')
  expect((await ended).exitCode).toBe(0)
  expect(idsIn(data)).toEqual(new Map([...new Set(stored)].map(id => [id, 1])))
})

it('a header that is sent twice signs nothing', async () => {
  const { url } = shared
  const body = delivery({ id: 'twice' })
  const header = sign(SECRET, Math.floor(Date.now() / 1_000), body)
  const status = await new Promise<string>((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        `POST /webhooks/default HTTP/1.1\r\nhost: localhost\r\nx-signature: ${header}\r\nx-signature: ${header}\r\n` +
          `content-length: ${body.length}\r\nconnection: close\r\n\r\n${body.toString()}`,
      )
    })
    socket.once('data', text => {
      resolve(String(text).slice(9, 12))
      socket.destroy()
    })
    socket.once('error', reject)
  })
  expect(status).toBe('401')
  expect(await post(url, body)).toMatchObject({ body: { status: 'stored' } })
})

/** Deliveries from several senders until the server dies; the ids that were acknowledged. `told` hears of each. */
const sendUntilDeath = async (
  url: string,
  round: number,
  told: (count: number) => void,
): Promise<string[]> => {
  const acknowledged: string[] = []
  let dead = false
  const sender = async (name: number): Promise<void> => {
    for (let index = 0; !dead; index++) {
      const id = `${round}-${name}-${index}`
      try {
        const { status } = await post(url, delivery({ id, new: { text: 'x'.repeat(500) } }))
        if (status === 200) told(acknowledged.push(id))
      } catch {
        dead = true
      }
    }
  }
  await Promise.all(Array.from({ length: 8 }, (_, name) => sender(name)))
  return acknowledged
}

const KILLS = Number(process.env['PUSHGRAPH_TEST_KILLS'] ?? 3)

it(
  `every acknowledged delivery is there, once, after each of ${KILLS} kills under load`,
  { timeout: 60_000 + KILLS * 10_000 },
  async () => {
    const data = directoryForTest()
    const random = createRandom(KILLS)
    const acknowledged: string[] = []
    for (let round = 0; round < KILLS; round++) {
      const { url, kill, ended } = await serve(data)
      // At another point each time, where others are under way.
      const last = 1 + Math.floor(random() * 200)
      const sending = sendUntilDeath(url, round, count => {
        if (count === last) kill('SIGKILL')
      })
      acknowledged.push(...(await sending))
      await ended
    }
    const { kill, ended, url } = await serve(data)
    const ids = idsIn(data)
    expect(acknowledged.length).toBeGreaterThanOrEqual(KILLS)
    expect(acknowledged.filter(id => ids.get(id) !== 1)).toEqual([])
    expect([...ids.values()].every(n => n === 1)).toBe(true)
    const [first = ''] = acknowledged
    expect((await post(url, delivery({ id: first }))).body).toEqual({ status: 'known' })
    kill('SIGTERM')
    await ended
  },
)
