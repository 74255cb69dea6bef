import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { bodyOf, QUESTIONS } from './put-bodies.ts'
import { NOW, questionOf, tasksForTest } from './tasks-for-test.ts'

const script = (name: string): string => join(import.meta.dirname, name)

/** A stand-in for Push: a chain of so many pages, which notes what it is asked. */
const chainForTest = async (pages: number) => {
  const asked: (string | undefined)[] = []
  const server = createServer(({ url }, response) => {
    asked.push(url)
    response.end(JSON.stringify(asked.length < pages ? { next: `/after-${asked.length}` } : {}))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { asked, url: `http://127.0.0.1:${port}` }
}

it('processes that ask the same chain of questions ask each of them once in all', async () => {
  const { asked, url } = await chainForTest(20)
  const { path, close } = tasksForTest()
  close()
  const run = () =>
    promisify(execFile)(process.execPath, [
      script('asking-process.ts'),
      dirname(path),
      url,
      String(NOW),
    ])
  const [one, other] = await Promise.all([run(), run()])
  expect(asked).toHaveLength(20)
  expect(new Set(asked).size).toBe(20)
  expect(one.stdout.trim().split('\n')).toHaveLength(20)
  expect(other.stdout).toBe(one.stdout)
})

it.each([
  ['open', ''],
  ['sealed', 'ab'.repeat(32)],
])('a process killed while it keeps answers leaves none that is wrong: %s', async (_, key) => {
  const { path, close } = tasksForTest()
  close()
  const keys = key === '' ? [] : [Buffer.from(key, 'hex')]
  for (const lines of [3, 11, 20]) {
    const child = spawn(process.execPath, [script('putting-process.ts'), dirname(path), key], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exit = once(child, 'exit')
    const reached = Promise.withResolvers<void>()
    let left = lines
    createInterface(child.stdout).on('line', () => {
      left -= 1
      if (left === 0) reached.resolve()
    })
    await Promise.race([reached.promise, exit])
    child.kill('SIGKILL')
    expect(await exit).toEqual([null, 'SIGKILL'])

    const database = new DatabaseSync(path)
    expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
    database.close()
    const after = tasksForTest({ path, dataKeys: keys })
    let found = 0
    for (let n = 0; n < QUESTIONS; n += 1) {
      const question = questionOf(`/${n}`)
      const claim = after.tasks.claim(question, 0, 1, Date.now())
      if (claim.kind !== 'found') continue
      found += 1
      expect(claim.answer.body).toBe(bodyOf(question.path, claim.answer.askedAt))
    }
    expect(found).toBeGreaterThan(20)
    expect(after.notes()).toEqual([])
    after.close()
  }
})
