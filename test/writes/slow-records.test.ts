import { describe, expect, test } from 'vitest'
import { UpstreamRefusedError } from '../../src/errors.ts'
import { systemClock } from '../../src/model/clock.ts'
import type { RecordedWrite, WriteRecords } from '../../src/writes/records.ts'
import { createWrites, type WriteTarget } from '../../src/writes/writes.ts'

const ID = '37cda962-7e78-49bc-8721-1becd16276a3'

/** Records that answer later, over a connector that takes every change. */
const writesForTest = (
  more: Partial<WriteRecords>,
  recorded = new Map<string, RecordedWrite>(),
  made: () => Promise<unknown> = () => Promise.resolve(),
) => {
  const [sent, told]: [string[], string[]] = [[], []]
  const records: WriteRecords = {
    secret: new Uint8Array(32),
    find: async id => {
      await new Promise(setImmediate)
      return recorded.get(id)
    },
    begin: async (id, input) => {
      await new Promise(setImmediate)
      const known = recorded.get(id)
      if (known === undefined) recorded.set(id, { input, result: null, begunAt: Date.now() })
      return known
    },
    finish: async (id, result) => {
      await new Promise(setImmediate)
      const { input = '', begunAt = 0 } = recorded.get(id) ?? {}
      recorded.set(id, { input, result, begunAt })
    },
    forget: async id => void recorded.delete(id),
    close: () => Promise.resolve(),
    ...more,
  }
  const store = {
    alias: 'default',
    peek: () => undefined,
    readAnew: () => Promise.resolve(null),
    change: async (name: string, id: string) => {
      sent.push(`${name} ${id}`)
      await made()
      return { kind: 'gone' }
    },
  }
  const target = {
    store,
    reserve: () => ({ call: {}, release: () => undefined }),
  } as unknown as WriteTarget
  const writes = createWrites({
    ...{ records, clock: systemClock, onOver: () => undefined },
    onProblem: message => void told.push(message),
  })
  const rights = { name: 'tester', scopes: new Set(['write']) }
  const run = () =>
    writes.run('deleteAccount', { id: ID, clientMutationId: 'once' }, {
      rights,
      caller: 'caller',
      requestId: undefined,
      target: () => target,
    } as never)
  return { run, sent, told }
}

test('who asks again while it is looked up what is recorded waits for the first', async () => {
  const { run, sent } = writesForTest({})
  const all = await Promise.all([run(), run(), run()])
  expect(new Set(all.map(({ id }) => id))).toEqual(new Set([ID]))
  expect(sent).toEqual([`accounts ${ID}`])
  await run()
  expect(sent).toHaveLength(1)
})

describe('the same that another process was asked for', () => {
  test('is sent by one of them, and both have what came of it', async () => {
    const recorded = new Map<string, RecordedWrite>()
    const pushIsSlow = () => new Promise(resolve => setTimeout(resolve, 150))
    const [one, other] = [1, 2].map(() => writesForTest({}, recorded, pushIsSlow))
    if (one === undefined || other === undefined) throw new Error('two were made')
    const first = one.run()
    await expect.poll(() => one.sent.length).toBe(1)
    const results = await Promise.all([first, other.run(), other.run()])
    expect(new Set(results.map(result => JSON.stringify(result))).size).toBe(1)
    expect([...one.sent, ...other.sent]).toEqual([`accounts ${ID}`])
  })

  test('is sent by the other where the first was refused', async () => {
    const recorded = new Map<string, RecordedWrite>()
    const refusal = Promise.withResolvers<never>()
    const one = writesForTest({}, recorded, () => refusal.promise)
    const other = writesForTest({}, recorded)
    const first = one.run()
    await expect.poll(() => one.sent.length).toBe(1)
    const second = other.run()
    refusal.reject(new UpstreamRefusedError('not now', 400))
    await expect(first).rejects.toThrow('not now')
    expect(await second).toMatchObject({ id: ID })
    expect(other.sent).toHaveLength(1)
  })

  test('is not waited for where it was begun long ago', async () => {
    const recorded = new Map<string, RecordedWrite>()
    const never = new Promise<never>(() => undefined)
    const one = writesForTest({}, recorded, () => never)
    void one.run()
    await expect.poll(() => one.sent.length).toBe(1)
    for (const [id, known] of recorded)
      recorded.set(id, { ...known, begunAt: known.begunAt - 60_000 })
    let looks = 0
    const find = async (id: string) => {
      looks += 1
      return recorded.get(id)
    }
    const other = writesForTest({ find }, recorded)
    await expect(other.run()).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(looks).toBe(1)
    expect(other.sent).toEqual([])
  })
})

test.each(['find', 'begin'] as const)(
  'nothing is sent where %s fails, which is told',
  async what => {
    const { run, sent, told } = writesForTest({
      [what]: () => Promise.reject(new Error('The database does not answer')),
    })
    await expect(run()).rejects.toMatchObject({ code: 'NOT_RECORDED' })
    expect(sent).toEqual([])
    expect(told).toEqual(['A change could not be recorded, and was not sent'])
  },
)

test('what came of it is given though it cannot be recorded, which is told', async () => {
  const { run, sent, told } = writesForTest({
    finish: () => Promise.reject(new Error('The database does not answer')),
  })
  expect(await run()).toMatchObject({ id: ID, isDeleted: true })
  expect(sent).toHaveLength(1)
  expect(told).toEqual(['What came of a change could not be recorded'])
  await expect(run()).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
})
