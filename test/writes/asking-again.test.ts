/** The same change asked for again under its `clientMutationId`: made once, whatever happens in between. */
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { directoryForTest } from '../support/directory.ts'
import { serveProduct } from '../support/product.ts'
import { standInForTest } from '../support/stand-in.ts'
import {
  askOver,
  MUTATIONS,
  startWriting,
  type Writing,
  writingForTest,
} from '../support/writing.ts'

let writing: Writing
beforeAll(async () => {
  writing = await startWriting({ others: ['other'] })
})
afterAll(() => writing.stop())
beforeEach(() => {
  writing.standIn.reset()
  writing.standIn.set({ faults: undefined, writes: 'works' })
})

const idOf = (n: number, { standIn } = writing): string => standIn.data.detections[n]?.id ?? ''
const triage = (input: object, { ask } = writing) =>
  ask(MUTATIONS.updateDetection, { input: { connector: 'default', ...input } })
const named = (more: object) => ({ clientMutationId: randomUUID(), ...more })

describe('under the same name', () => {
  test('the same is given what came of it the first time, and nothing is sent', async () => {
    const input = named({ id: idOf(0), classification: 'FIRST' })
    const first = await triage(input)
    await triage({ id: idOf(0), classification: 'LATER' })
    const again = await triage(input)
    expect(again.errors).toEqual([])
    expect(again.data).toEqual(first.data)
    expect(again.requests).toBe(0)
    expect(writing.sent()).toHaveLength(2)
    const { classification } = writing.standIn.data.detections[0] ?? {}
    expect(classification).toBe('LATER')
  })

  test('another input is refused, be it another mutation or one member more', async () => {
    const input = named({ id: idOf(1), classification: 'FIRST' })
    await triage(input)
    for (const other of [
      { ...input, classification: 'SECOND' },
      { ...input, archived: true },
      { ...input, id: idOf(2) },
    ])
      expect((await triage(other)).errors[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        path: 'input.clientMutationId',
      })
    const { clientMutationId } = input as { clientMutationId?: string }
    const account = writing.standIn.data.accounts[0]?.id
    const deletion = { clientMutationId, connector: 'default', id: account }
    const answer = await writing.ask(MUTATIONS.deleteAccount, { input: deletion })
    expect(answer.errors[0]?.extensions).toMatchObject({ path: 'input.clientMutationId' })
    expect(writing.sent()).toHaveLength(1)
  })

  test('the order of the members makes no difference, nor does another connector', async () => {
    const { clientMutationId } = named({}) as { clientMutationId?: string }
    const input = { clientMutationId, id: idOf(3), classification: 'X', archived: true }
    await triage(input)
    const turned = { archived: true, classification: 'X', id: idOf(3), clientMutationId }
    expect((await triage(turned)).errors).toEqual([])
    expect(writing.sent()).toHaveLength(1)
    const elsewhere = await triage({ ...input, connector: 'other' })
    expect(elsewhere.data).toEqual({ updateDetection: { clientMutationId, detection: null } })
  })

  test('while the first is under way, the others wait for it', async () => {
    let open = (): void => undefined
    const gate = new Promise<void>(resolve => (open = resolve))
    writing.standIn.set({
      faults: ({ method }) => {
        if (method === 'PATCH') open()
        return method === 'PATCH' ? { kind: 'slow', delayMs: 150 } : undefined
      },
    })
    const input = named({ id: idOf(4), classification: 'ONCE' })
    const first = triage(input)
    await gate
    const others = await Promise.all([triage(input), triage(input)])
    const { data } = await first
    for (const other of others) expect(other.data).toEqual(data)
    expect(writing.sent()).toHaveLength(1)
    expect(
      writing.notes
        .slice(-3)
        .map(({ outcome }) => outcome)
        .sort(),
    ).toEqual(['done', 'repeated', 'repeated'])
  })

  test('what was certainly not made may be asked for again', async () => {
    writing.standIn.set({ writes: 'refused' })
    const input = named({ id: idOf(5), classification: 'LATER' })
    expect((await triage(input)).errors[0]?.extensions['code']).toBe('BAD_USER_INPUT')
    writing.standIn.set({ writes: 'works' })
    expect((await triage(input)).errors).toEqual([])
  })

  test('what may have been made is not sent again, and the object is read anew each time', async () => {
    writing.standIn.set({
      faults: ({ method }) =>
        method === 'PATCH' ? { kind: 'error503', applied: false } : undefined,
    })
    const input = named({ id: idOf(6), classification: 'LATER' })
    const first = await triage(input)
    expect(first.errors[0]?.extensions).toMatchObject({ code: 'OUTCOME_UNKNOWN', isAsAsked: false })
    writing.standIn.set({ faults: undefined })
    // It reached Push late.
    writing.standIn.update('detections', idOf(6), { classification: 'LATER' })
    const again = await triage(input)
    expect(again.errors[0]?.extensions).toMatchObject({ code: 'OUTCOME_UNKNOWN', isAsAsked: true })
    expect(writing.sent()).toHaveLength(1)
    const { data } = await writing.ask(
      `{ detection(id: "${idOf(6)}", connector: "default") { classification } }`,
    )
    expect(data.detection.classification).toBe('LATER')
  })

  test('without a name each is a change of its own', async () => {
    const input = { id: idOf(7), classification: 'X' }
    await triage(input)
    await triage(input)
    expect(writing.sent()).toHaveLength(2)
  })
})

describe('several connectors', () => {
  test('have to be told apart, and only the one that is named is written to', async () => {
    const unnamed = { id: idOf(0), classification: 'X' }
    const { errors } = await writing.ask(MUTATIONS.updateDetection, { input: unnamed })
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.connector' })
    expect(errors[0]?.message).toContain('default, other')
    expect(writing.sent()).toEqual([])
  })
})

test('of two who change one object at once, both changes are made, one after the other', async () => {
  const words = Array.from({ length: 6 }, (_, n) => `C${n}`)
  const id = idOf(8)
  const answers = await Promise.all(words.map(classification => triage({ id, classification })))
  for (const [n, { data }] of answers.entries())
    expect(data.updateDetection.detection.classification).toBe(words[n])
  const { data } = await writing.ask(
    `{ detection(id: "${id}", connector: "default") { classification } }`,
  )
  expect(data.detection.classification).toBe(writing.standIn.data.detections[8]?.classification)
})

test('each leaves a line in the log: who, what, of which object, how it ended, and no value', async () => {
  const fresh = await writingForTest()
  const id = idOf(0, fresh)
  const secret = 'WORD_THAT_NOBODY_LOGS'
  await fresh.ask(MUTATIONS.updateDetection, { input: { id, classification: secret } })
  await fresh.ask(MUTATIONS.updateApp, { input: { id: 'x', notes: secret } })
  expect(fresh.notes).toMatchObject([
    {
      level: 'info',
      caller: '127.0.0.1',
      mutation: 'updateDetection',
      connector: 'default',
      type: 'Detection',
      objectHash: createHash('sha256').update(id).digest('hex'),
      outcome: 'done',
    },
    { mutation: 'updateApp', type: 'App', objectHash: null, outcome: 'BAD_USER_INPUT' },
  ])
  expect(fresh.logged()).not.toContain(secret)
  expect(fresh.logged()).not.toContain(id)
})

test('a server that was killed while Push was at it does not send it twice', async () => {
  const standIn = await standInForTest()
  const [detection, other] = standIn.data.detections
  const folder = directoryForTest()
  const keyFile = join(directoryForTest(), 'data-key.txt')
  writeFileSync(keyFile, 'ab'.repeat(32))
  const environment = {
    PUSH_API_KEY: standIn.keys.full,
    PUSH_API_URL: standIn.url,
    PUSHGRAPH_DATA_DIR: folder,
    PUSHGRAPH_DATA_KEY_FILE: keyFile,
    PUSHGRAPH_MUTATIONS: 'on',
  }
  const serve = async () => {
    const product = await serveProduct({ environment })
    onTestFinished(() => product.kill('SIGKILL'))
    return product
  }
  const done = named({ id: other?.id, classification: 'DONE' })
  const cutOff = named({ id: detection?.id, classification: 'CUT_OFF' })
  const first = await serve()
  const made = await askOver(first.url, MUTATIONS.updateDetection, { input: done })
  expect(made.errors).toEqual([])
  const arrived = new Promise<void>(resolve => {
    standIn.set({
      faults: ({ method }) => {
        if (method !== 'PATCH') return undefined
        resolve()
        return { kind: 'hang', applied: true }
      },
    })
  })
  const lost = askOver(first.url, MUTATIONS.updateDetection, { input: cutOff })
  lost.catch(() => undefined)
  await arrived
  first.kill('SIGKILL')
  expect(await first.ended).toMatchObject({ signal: 'SIGKILL' })
  await expect(lost).rejects.toThrow('fetch failed')
  const bytes = ['', '-wal'].map(end => readFileSync(join(folder, `writes.db${end}`), 'latin1'))
  expect(bytes.join('')).not.toContain('DONE')

  standIn.set({ faults: undefined })
  const second = await serve()
  const again = await askOver(second.url, MUTATIONS.updateDetection, { input: cutOff })
  expect(again.data).toEqual({ updateDetection: null })
  expect(again.errors[0]?.extensions).toMatchObject({ code: 'OUTCOME_UNKNOWN', isAsAsked: true })
  const known = await askOver(second.url, MUTATIONS.updateDetection, { input: done })
  expect(known.data).toEqual(made.data)
  expect(standIn.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(2)
})
