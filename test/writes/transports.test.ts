/** Mutations over every way to ask, counted as what they are, and never kept. */
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import WebSocket from 'ws'
import { startWriting, type Writing } from '../support/writing.ts'

let writing: Writing
beforeAll(async () => {
  writing = await startWriting()
})
afterAll(() => writing.stop())
beforeEach(() => writing.standIn.reset())

const triage = (classification: string): string => `mutation {
  updateDetection(input: { id: "${writing.standIn.data.detections[0]?.id ?? ''}", classification: "${classification}" }) {
    detection { classification } } }`
const answerOf = (classification: string) => ({
  updateDetection: { detection: { classification } },
})

test('over WebSocket', async () => {
  const client = createClient({
    url: writing.url.replace('http', 'ws') + '/graphql',
    webSocketImpl: WebSocket,
  })
  const answers = client.iterate({ query: triage('SOCKET') })
  expect((await answers.next()).value).toMatchObject({ data: answerOf('SOCKET') })
  await client.dispose()
  expect(writing.sent()).toHaveLength(1)
})

test('as server-sent events', async () => {
  const response = await fetch(`${writing.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: triage('EVENTS') }),
  })
  const text = await response.text()
  expect(text).toContain(JSON.stringify(answerOf('EVENTS')))
  expect(writing.sent()).toHaveLength(1)
})

test('the same text again and again is made again and again, and no answer may be kept', async () => {
  await writing.ask('{ detections { totalCount } }')
  const query = triage('SAME')
  for (let times = 0; times < 5; times += 1) {
    const { data, headers } = await writing.ask(query)
    expect(data).toEqual(answerOf('SAME'))
    expect(headers.get('cache-control')).toBe('no-store')
  }
  expect(writing.sent()).toHaveLength(5)
  const { data } = await writing.ask('mutation { __typename }')
  expect(data).toEqual({ __typename: 'Mutation' })
})

test('each is counted as a mutation, by its result', async () => {
  const figures = async (): Promise<string> => (await fetch(`${writing.url}/metrics`)).text()
  const countOf = (text: string, result: string): number =>
    Number(
      new RegExp(`operations_total\\{type="mutation",result="${result}"\\} (\\d+)`).exec(
        text,
      )?.[1] ?? 0,
    )
  const before = await figures()
  await writing.ask(triage('COUNTED'))
  await writing.ask('mutation { deleteAccount(input: { id: "x" }) { deletedAccountId } }')
  const after = await figures()
  for (const result of ['ok', 'BAD_USER_INPUT'])
    expect(countOf(after, result)).toBe(countOf(before, result) + 1)
  expect(after).toMatch(
    /upstream_requests_total\{[^}]*path="\/detections\/\{id\}"[^}]*status="200"/,
  )
})

test('a mutation costs what limits count with', async () => {
  const query = `mutation { ${Array.from({ length: 600 }, (_, n) => `m${n}: deleteAccount(input: { id: "x" }) { clientMutationId }`).join(' ')} }`
  const { errors } = await writing.ask(query)
  expect(errors[0]?.extensions['code']).toBe('BAD_USER_INPUT')
  expect(writing.sent()).toEqual([])
})
