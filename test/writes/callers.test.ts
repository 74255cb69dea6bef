/** Who may write, and to what: callers who show tokens, two of them from one address. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { bearer, tokenOf } from '../support/tokens.ts'
import { MUTATIONS, startWriting, type Writing } from '../support/writing.ts'

const folder = mkdtempSync(join(tmpdir(), 'pushgraph-callers-'))
const callers = {
  reader: { scopes: ['read', 'events', 'pii'] },
  analyst: { scopes: ['read', 'write', 'pii'] },
  colleague: { scopes: ['read', 'write', 'pii'] },
  faceless: { scopes: ['read', 'write'] },
  elsewhere: { scopes: ['read', 'write'], connectors: ['other'] },
} as const
type Caller = keyof typeof callers

let writing: Writing
beforeAll(async () => {
  const entries = Object.entries(callers).map(([name, rights]) => tokenOf(name, rights))
  const file = join(folder, 'tokens.json')
  writeFileSync(file, JSON.stringify(entries), { mode: 0o600 })
  writing = await startWriting({
    others: ['other'],
    environment: { PUSHGRAPH_AUTH: 'tokens', PUSHGRAPH_TOKENS_FILE: file },
  })
})
afterAll(async () => {
  await writing.stop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => writing.standIn.reset())

const idOf = (n: number): string => writing.standIn.data.detections[n]?.id ?? ''
const as = (caller: Caller, name: keyof typeof MUTATIONS, input: object) =>
  writing.ask(MUTATIONS[name], { input }, bearer(caller))

test('without the scope nothing is sent, and the error names it', async () => {
  const input = { connector: 'default', id: idOf(0), archived: true }
  const { errors } = await as('reader', 'updateDetection', input)
  expect(errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', scope: 'write' })
  expect(writing.standIn.requests).toEqual([])
})

test('with it the change is made, and the log names the caller', async () => {
  const input = { connector: 'default', id: idOf(0), classification: 'X' }
  const { errors } = await as('analyst', 'updateDetection', input)
  expect(errors).toEqual([])
  expect(writing.notes.at(-1)).toMatchObject({ caller: 'analyst', outcome: 'done' })
  expect(writing.logged()).not.toContain('secret-of-analyst')
})

test('a text that may name a person needs the scope for that, which taking it back does not', async () => {
  const id = writing.standIn.data.apps[0]?.id ?? ''
  const refused = await as('faceless', 'updateApp', { connector: 'default', id, notes: 'Ask Jo' })
  expect(refused.errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', scope: 'pii' })
  expect(writing.sent()).toEqual([])
  const made = await as('faceless', 'updateApp', { connector: 'default', id, notes: null })
  expect(made.errors).toEqual([])
})

test('a connector that the caller does not see is none, and its only one need not be named', async () => {
  const named = { connector: 'default', id: idOf(1), archived: true }
  const { errors } = await as('elsewhere', 'updateDetection', named)
  expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.connector' })
  expect(errors[0]?.message).toContain('There is no connector "default"')
  const { data } = await as('elsewhere', 'updateDetection', { id: idOf(1), archived: true })
  expect(data.updateDetection.detection).toBeNull()
  expect(writing.sent()).toEqual([])
})

test('names of changes are each caller’s own', async () => {
  const input = { connector: 'default', id: idOf(2), clientMutationId: 'one', classification: 'X' }
  await as('analyst', 'updateDetection', input)
  await as('analyst', 'updateDetection', input)
  expect(writing.sent()).toHaveLength(1)
  const other = { ...input, classification: 'Y' }
  expect((await as('colleague', 'updateDetection', other)).errors).toEqual([])
  expect(writing.sent()).toHaveLength(2)
})
