import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { delivery, post, SECRET } from '../support/deliveries.ts'
import { directoryForTest } from '../support/directory.ts'
import { runProduct, serveProduct, type Serving } from '../support/product.ts'

interface Disk {
  readonly path: string
  readonly grow: () => void
}

/** A file system of 3 MB of its own, or undefined where this user may not make one. */
const smallDisk = (): Disk | undefined => {
  const path = join(directoryForTest(), 'disk')
  mkdirSync(path)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', path], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  onTestFinished(() => {
    execFileSync('umount', ['-l', path])
  })
  return {
    path,
    grow: () => {
      execFileSync('mount', ['-o', 'remount,size=40m', path])
    },
  }
}

const serve = async (data: string): Promise<Serving> =>
  serveProduct({
    environment: {
      PUSH_API_KEY: 'key',
      PUSH_API_URL: 'http://127.0.0.1:9/v1',
      PUSH_WEBHOOK_SECRET: SECRET,
      PUSHGRAPH_DATA_DIR: data,
    },
  })

/** What the graph says is stored: the ids, and for each whether its whole body is there. */
const storedIn = async (url: string): Promise<ReadonlyMap<string, boolean>> => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ events(first: 1000) { nodes { id payload } } }' }),
  })
  const { data } = (await response.json()) as {
    data: { events: { nodes: { id: string; payload: { new?: { text?: string } } }[] } }
  }
  return new Map(
    data.events.nodes.map(({ id, payload }) => [id, payload.new?.text?.length === LENGTH]),
  )
}

const LENGTH = 20_000
const large = (id: string): Buffer => delivery({ id, new: { text: 'x'.repeat(LENGTH) } })

test('a full disk refuses deliveries with 503, stores none half, and takes them once there is space', async ({
  skip,
}) => {
  const disk = smallDisk()
  if (disk === undefined) return skip('this user may not mount a small file system')
  const { url, kill, ended } = await serve(disk.path)

  // Several at a time: where one transaction holds them, all of it fails or none.
  const taken: string[] = []
  const refused: string[] = []
  for (let round = 0; refused.length < 20; round++) {
    const ids = Array.from({ length: 8 }, (_, index) => `${round}-${index}`)
    const answers = await Promise.all(ids.map(id => post(url, large(id))))
    for (const [index, { status, body }] of answers.entries()) {
      if (status === 200) taken.push(ids[index] ?? '')
      else {
        expect(status).toBe(503)
        expect(JSON.stringify(body)).toContain('cannot be stored now')
        refused.push(ids[index] ?? '')
      }
    }
  }
  expect(taken.length).toBeGreaterThan(8)
  const stored = await storedIn(url)
  expect([...stored.keys()].sort()).toEqual([...taken].sort())
  expect([...stored.values()].every(Boolean)).toBe(true)

  disk.grow()
  for (const id of refused)
    expect(await post(url, large(id))).toMatchObject({ status: 200, body: { status: 'stored' } })
  expect(await post(url, large(taken[0] ?? ''))).toMatchObject({ body: { status: 'known' } })
  const all = await storedIn(url)
  expect([...all.keys()].sort()).toEqual([...taken, ...refused].sort())
  expect([...all.values()].every(Boolean)).toBe(true)

  kill('SIGTERM')
  expect((await ended).exitCode).toBe(0)
  const file = new DatabaseSync(join(disk.path, 'events.db'), { readOnly: true })
  expect(file.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
  file.close()
})

test('a server over a damaged event file does not start, says why, and leaves it as it is', async () => {
  const data = directoryForTest()
  const first = await serve(data)
  await post(first.url, large('1'))
  first.kill('SIGTERM')
  await first.ended
  const path = join(data, 'events.db')
  const file = new DatabaseSync(path)
  file.exec('PRAGMA journal_mode = DELETE')
  file.close()
  const bytes = readFileSync(path)
  bytes.fill(0xab, 4_096, 40_000)
  writeFileSync(path, bytes)

  await expect(serve(data)).rejects.toThrow(/events\.db is damaged\. Move it away/)
  expect(readFileSync(path).equals(bytes)).toBe(true)
})

test('a server whose event file another program holds does not start, and says why', async () => {
  const data = directoryForTest()
  const first = await serve(data)
  first.kill('SIGTERM')
  await first.ended
  const holder = new DatabaseSync(join(data, 'events.db'))
  onTestFinished(() => {
    holder.close()
  })
  holder.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  await expect(serve(data)).rejects.toThrow(/is locked by another program/)
})

test('a server whose event file is removed while it runs refuses deliveries, and says so at /readyz and in the log', async () => {
  const data = directoryForTest()
  const { url, kill, ended } = await serve(data)
  expect(await post(url, large('before'))).toMatchObject({ status: 200 })
  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ok' })
  rmSync(data, { recursive: true })
  for (const id of ['a', 'b']) expect(await post(url, large(id))).toMatchObject({ status: 503 })
  const ready = await fetch(`${url}/readyz`)
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { status: 'ok', reasons: [expect.stringMatching(/^The event file .*events\.db was removed/)] },
  ])
  kill('SIGTERM')
  const { exitCode, output } = await ended
  expect(exitCode).toBe(0)
  const errors = output
    .split('\n')
    .filter(line => line.includes('"level":50') || line.includes('"level":"error"'))
  expect(errors).toEqual([expect.stringContaining('was removed while it was in use')])
})

test('a demo tenant without a folder for temporary files says which to name', async () => {
  const { exitCode, errors } = await runProduct(['serve'], {
    environment: {
      PORT: '0',
      PUSHGRAPH_DEMO_SCALE: '0.05',
      PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
      TMPDIR: '/nowhere',
    },
  })
  expect([exitCode, errors]).toEqual([1, expect.stringMatching(/\/nowhere .*TMPDIR\.\n$/)])
})
