/** Changes that are asked of two replicas which share a database. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/model/clock.ts'
import { openDatabase } from '../../src/postgres/connecting/database.ts'
import { directoryForTest } from '../support/directory.ts'
import { createDatabase } from '../support/postgres.ts'
import { serveProduct } from '../support/product.ts'
import { standInForTest } from '../support/stand-in.ts'
import { askOver, MUTATIONS, startWriting, type Writing } from '../support/writing.ts'

let [one, other]: [Writing, Writing] = [] as never
let url: string
const folder = mkdtempSync(join(tmpdir(), 'pushgraph-replica-'))
beforeAll(async () => {
  const keyFile = join(folder, 'data-key.txt')
  writeFileSync(keyFile, 'ab'.repeat(32))
  url = await createDatabase()
  const environment = { PUSHGRAPH_DATABASE_URL: url, PUSHGRAPH_DATA_KEY_FILE: keyFile }
  one = await startWriting({ environment })
  other = await startWriting({
    environment,
    over: { standIn: one.standIn, folder },
  })
})
afterAll(async () => {
  await other.stop()
  await one.stop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  one.standIn.reset()
  one.standIn.set({ faults: undefined, writes: 'works' })
})

const idOf = (n: number): string => one.standIn.data.detections[n]?.id ?? ''
const named = (more: object) => ({ clientMutationId: randomUUID(), ...more })
const triage = (input: object, { ask }: Writing) => ask(MUTATIONS.updateDetection, { input })

test('the same asked of the other one is given what came of it, and nothing is sent', async () => {
  const input = named({ id: idOf(0), classification: 'FIRST' })
  const first = await triage(input, one)
  expect(first.errors).toEqual([])
  const again = await triage(input, other)
  expect(again.data).toEqual(first.data)
  expect(again.requests).toBe(0)
  expect(one.sent()).toHaveLength(1)
  const database = await openDatabase({ url, clock: systemClock })
  onTestFinished(database.close)
  const [row] = await database.query('step', 'SELECT result FROM write')
  expect(row?.['result']).toMatch(/^"[0-9a-f]{16}\.[\w+/=]+"$/)
  const another = await triage({ ...input, classification: 'SECOND' }, other)
  expect(another.errors[0]?.extensions).toMatchObject({ path: 'input.clientMutationId' })
})

test('of all that ask for it at once one sends', async () => {
  const input = named({ id: idOf(1), classification: 'ONCE' })
  const all = await Promise.all(
    [one, other, one, other, one, other].map(each => triage(input, each)),
  )
  const codes = new Set(all.map(({ errors }) => errors[0]?.extensions['code']))
  // Whoever comes to the other one meanwhile cannot know how it will end.
  expect([...codes].filter(code => code !== undefined && code !== 'OUTCOME_UNKNOWN')).toEqual([])
  expect(codes.has(undefined)).toBe(true)
  expect(one.sent()).toHaveLength(1)
  expect(one.standIn.data.detections[1]?.classification).toBe('ONCE')
})

test('what one has changed is in every list of the other, without a request', async () => {
  const query = `{ detections(first: 100) { nodes { id classification revision } } }`
  await other.ask(query)
  const input = { id: idOf(2), classification: 'SEEN' }
  const { data } = await triage(input, one)
  const found = async () => {
    const answer = await other.ask(query)
    expect(answer.requests).toBe(0)
    return answer.data.detections.nodes.find(({ id }: { id: string }) => id === input.id)
  }
  // A revision that one gave holds on the other, as they share the secret.
  const { classification, revision } = data.updateDetection.detection
  await expect.poll(found).toEqual({ id: input.id, classification, revision })
  expect(classification).toBe('SEEN')
})

test('a replica that was killed while Push was at it leaves it to nobody to send it again', async () => {
  const standIn = await standInForTest()
  const [detection] = standIn.data.detections
  const environment = {
    PUSH_API_KEY: standIn.keys.full,
    PUSH_API_URL: standIn.url,
    PUSHGRAPH_DATABASE_URL: await createDatabase(),
    PUSHGRAPH_MUTATIONS: 'on',
  }
  const serve = async () => {
    const product = await serveProduct({
      environment: { ...environment, PUSHGRAPH_DATA_DIR: directoryForTest() },
    })
    onTestFinished(() => product.kill('SIGKILL'))
    return product
  }
  const [first, second] = await Promise.all([serve(), serve()])
  const arrived = Promise.withResolvers<void>()
  standIn.set({
    faults: ({ method }) => {
      if (method !== 'PATCH') return undefined
      arrived.resolve()
      return { kind: 'hang', applied: true }
    },
  })
  const input = named({ id: detection?.id, classification: 'CUT_OFF' })
  const lost = askOver(first.url, MUTATIONS.updateDetection, { input })
  lost.catch(() => undefined)
  await arrived.promise
  first.kill('SIGKILL')
  await expect(lost).rejects.toThrow('fetch failed')
  standIn.set({ faults: undefined })
  const again = await askOver(second.url, MUTATIONS.updateDetection, { input })
  expect(again.errors[0]?.extensions).toMatchObject({ code: 'OUTCOME_UNKNOWN', isAsAsked: true })
  expect(standIn.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(1)
})
