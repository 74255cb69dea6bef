/**
 * A simulated Push for many keys in a process of its own: `node push-process.ts '{"keys": ["a"], ...}'`. Each key has a strict
 * bucket; a request is on its way for a while, is judged as it arrives, and its answer is on its way for a while. All keys see
 * the same tenant. Prints its address; `/counts` tells what arrived, and begins to count anew where it is posted to.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createData } from '../../../src/demo/data.ts'
import { createLists } from '../../../src/demo/lists.ts'
import { createRoutes, findEndpoint } from '../../../src/demo/routes.ts'
import { defaultSwitches } from '../../../src/demo/switches.ts'
import { createStrictBuckets } from './buckets.ts'
import type { PushOptions } from './push.ts'

const { keys, rate, burst, wayMs, seed, scale, now } = JSON.parse(
  process.argv[2] ?? '{}',
) as PushOptions

const lists = createLists(createData({ seed, scale, now }))
const routes = createRoutes(lists, defaultSwitches, 'simulated')
const buckets = createStrictBuckets(keys, { rate, burst })

const onItsWay = (go: () => void): void => {
  setTimeout(go, Math.random() * wayMs)
}

const answer = ({ method = 'GET', url = '/', headers }: IncomingMessage) => {
  const { pathname, searchParams } = new URL(url, 'http://push')
  const key = String(headers['x-api-key'])
  if (!keys.includes(key)) return { status: 403, body: { message: 'Forbidden' } }
  if (!buckets.arrive(key, performance.now()))
    return { status: 429, body: { message: 'Too Many Requests' } }
  const endpoint = findEndpoint(lists, pathname.replace(/^\/v1/, ''))
  return routes({ method, endpoint, query: searchParams, body: undefined })
}

const send = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
  request.resume()
  if (request.url === '/counts') {
    if (request.method === 'POST') buckets.reset()
    send(response, 200, buckets.counts())
    return
  }
  onItsWay(() => {
    const { status, body } = answer(request)
    onItsWay(() => send(response, status, body))
  })
})
server.listen(0, '127.0.0.1', () => {
  console.log(`listening http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`)
})
