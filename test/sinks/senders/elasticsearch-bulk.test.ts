import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/model/clock.ts'
import { NotNowError, RefusedError, type Sender } from '../../../src/sinks/sender.ts'
import { checkBulkReply } from '../../../src/sinks/senders/elasticsearch-bulk.ts'
import { createHttpSender } from '../../../src/sinks/senders/http.ts'
import { makeItems } from '../../support/sinks/items.ts'
import { sendAll } from '../../support/sinks/send-all.ts'

/** An index that creates each document once, and answers for each what `statusOf` says, and as much as it was asked for. */
const indexFor = async (
  statusOf: (id: string, times: number) => number = () => 201,
): Promise<{ readonly sender: Sender; readonly documents: ReadonlyMap<string, unknown> }> => {
  const documents = new Map<string, unknown>()
  const asked = new Map<string, number>()
  const create = (id: string, document: string) => {
    const times = asked.get(id) ?? 0
    asked.set(id, times + 1)
    const status = documents.has(id) ? 409 : statusOf(id, times)
    if (status === 201) documents.set(id, JSON.parse(document))
    return { _index: 'push', _id: id, _shards: { total: 2, successful: 1, failed: 0 }, status }
  }
  const answerTo = (body: string, path: string): string => {
    const isFiltered = path === '/push/_bulk?pipeline=ocsf&filter_path=errors%2Citems.*.status'
    const lines = body.trimEnd().split('\n')
    const items = lines.flatMap((line, index) => {
      if (index % 2 === 1) return []
      const { create: action } = JSON.parse(line) as { readonly create: { readonly _id: string } }
      const { status, ...rest } = create(action._id, lines[index + 1] ?? '')
      return [{ create: isFiltered ? { status } : { ...rest, status } }]
    })
    const errors = JSON.stringify(items).includes('"status":4')
    return JSON.stringify(isFiltered ? { errors, items } : { took: 1, errors, items })
  }
  const server = createServer((request, response) => {
    void text(request).then(body => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(answerTo(body, request.url ?? ''))
    })
  })
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const sender = createHttpSender(
    {
      kind: 'http',
      url: `http://127.0.0.1:${port}/push/_bulk?pipeline=ocsf`,
      format: 'elasticsearch-bulk',
    },
    { clock: systemClock },
  )
  onTestFinished(async () => {
    await sender.close()
    await new Promise(resolve => server.close(resolve))
  })
  return { sender, documents }
}

const never = new AbortController().signal

test('each item is a document of its own id, however often it comes', async () => {
  const { sender, documents } = await indexFor()
  const items = makeItems(4)
  await sender.send(items.slice(0, 3), never)
  await sender.send(items.slice(1), never)
  expect([...documents]).toEqual(items.map(({ id, line }) => [id, JSON.parse(line)]))
})

test('as many as may go together are taken, though a whole answer to them would be too long', async () => {
  const { sender, documents } = await indexFor()
  await sender.send(makeItems(10_000), never)
  expect(documents.size).toBe(10_000)
})

test('one that is refused is found, and all others are there', async () => {
  const { sender, documents } = await indexFor(id => (id === 'item-2' ? 400 : 201))
  const { refused } = await sendAll(sender, makeItems(6), { has: () => [...documents.keys()] })
  expect(refused).toEqual(['item-2'])
  expect([...documents.keys()].sort()).toEqual(['item-0', 'item-1', 'item-3', 'item-4', 'item-5'])
})

test('one that is not taken now comes again', async () => {
  const { sender, documents } = await indexFor((id, times) =>
    id === 'item-1' && times === 0 ? 429 : 201,
  )
  await expect(sender.send(makeItems(3), never)).rejects.toThrow('all but 1 of 3')
  await expect(sender.send(makeItems(3), never)).resolves.toBeUndefined()
  expect(documents.size).toBe(3)
})

test.each([
  ['is none of _bulk', '{}', NotNowError],
  ['has errors without items', '{"errors":true}', NotNowError],
  [
    'has a refusal among others',
    '{"errors":true,"items":[{"create":{"status":429}},{"create":{"status":400}}]}',
    RefusedError,
  ],
])('an answer that %s', (_, answer, type) => {
  const read = (): void => checkBulkReply({ status: 200, body: answer, retryAfterMs: undefined })
  expect(read).toThrow(expect.any(type))
})
