/** The example of several replicas, from its start to its end. */
import { execFile } from 'node:child_process'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { startBalancer } from '../../examples/replicas/balancer.ts'

const start = fileURLToPath(new URL('../../examples/replicas/start.ts', import.meta.url))

test('shows a question, webhooks and a subscription across replicas, and that one may die', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [start, '--once'], {
    env: { PATH: process.env['PATH'], PORT: '0' },
  })
  const [, first, second, third] =
    /none has read anything yet:\n {2}at \d+: (.*)\n {2}at \d+: (.*)\n {2}at \d+: (.*)\n/.exec(
      stdout,
    ) ?? []
  expect(first).toMatch(/^\d+ accounts of \d+ employees, [1-9]\d* requests to Push$/)
  // The tenant lives: its webhooks change the counts between two questions, but make nobody ask Push.
  for (const later of [second, third])
    expect(later).toMatch(/^\d+ accounts of \d+ employees, 0 requests to Push$/)
  const [, heard = ''] = /webhooks come to any of them:\n([^]*?)\n\n/.exec(stdout) ?? []
  expect(heard.split('\n').length).toBeGreaterThanOrEqual(5)
  const [, after = ''] = /the others go on:\n([^]*)$/.exec(stdout) ?? []
  const servers = [...after.matchAll(/^ {2}at (\d+): \d+ accounts$/gm)].map(([, server]) => server)
  expect(servers).toHaveLength(4)
  expect(new Set(servers).size).toBe(2)
})

test('a stream that its server breaks off breaks off behind the load balancer, so that its reader comes back', async () => {
  const streams: ServerResponse[] = []
  const server = createServer((request, response) => {
    if (request.url === '/readyz') return void response.end()
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
    streams.push(response)
  })
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const balancer = await startBalancer([
    `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  ])
  onTestFinished(async () => {
    await balancer.close()
    server.close()
  })
  const { body } = await fetch(balancer.url)
  const reader = body?.getReader()
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: 1\n\n')
  streams[0]?.destroy()
  await expect(reader?.read()).rejects.toThrow('terminated')
})
