import { describe, expect, test } from 'vitest'
import type { AnswerClaim } from '../../../src/answers/contract.ts'
import type { Call } from '../../../src/upstream/contract/contract.ts'
import type { PushAnswer, RequestPath } from '../../../src/upstream/request/attempt.ts'
import type { AskPush } from '../../../src/upstream/request/attempts.ts'
import { createAnswerKeeping } from '../../../src/upstream/request/keep-answers.ts'
import { createSingleFlight } from '../../../src/upstream/request/single-flight.ts'
import { answersInMemory } from '../../support/answers.ts'
import { createFakeClock, settle } from '../../support/clock.ts'

const path: RequestPath = { path: '/apps?limit=200', question: '/apps?', template: '/apps' }
const readText = ({ json, readAt }: PushAnswer): string => `${JSON.stringify(json)} of ${readAt}`

/** Somebody who asks for that list, and what was kept of it. */
const open = ({ body = '"kept"', askedAt = 50 }: { body?: string; askedAt?: number } = {}) => {
  const clock = createFakeClock({ startMs: 100 })
  const answers = answersInMemory()
  answers.all.set('/apps?', { body, askedAt, dateSeconds: undefined })
  let asked = 0
  const askPush: AskPush = async (_path, flight, read) => {
    asked += 1
    flight.onRequest(0)
    const body = `"asked ${asked}"`
    return read({ body, json: `asked ${asked}`, readAt: clock.now(), dateSeconds: undefined })
  }
  const changes = new Map<string, { value: number; at: number }>()
  let left = 0
  let turns = 0
  let turn = Promise.resolve()
  let claiming = async (claim: Promise<AnswerClaim>): Promise<AnswerClaim> => claim
  const keeping = createAnswerKeeping(askPush, {
    answers: {
      ...answers,
      claim: async (...of) => {
        const claim = await claiming(answers.claim(...of))
        return claim.kind === 'found' ? claim : { ...claim, leave: () => (left += 1) }
      },
    },
    alias: 'default',
    tenant: async () => 'tenant',
    changes: () => ({
      get: name => changes.get(name),
      set: (name, value) => void changes.set(name, { value, at: value }),
    }),
    clock,
    inTurn: async step => {
      turns += 1
      await turn
      return step()
    },
    onEvent: () => undefined,
  })
  const flights = createSingleFlight(clock)
  const ask = (call: Partial<Call> = {}) =>
    flights.run(
      path.path,
      { owner: 'o', priority: 'interactive', deadline: 1e12, ...call },
      flight => keeping.ask(path, flight, readText),
    )
  return {
    answers,
    ask,
    clock,
    keeping,
    asked: () => asked,
    left: () => left,
    /** Turns that were waited for. */
    turns: () => turns,
    /** Turns come when the returned function is called. */
    holdTurns: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      turn = promise
      return resolve
    },
    /** Claims are answered when the returned function is called. */
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<undefined>()
      claiming = async claim => {
        await promise
        return claim
      }
      return () => resolve(undefined)
    },
  }
}

describe('what is kept', () => {
  test('will do at the very moment that was asked for, and not a millisecond before it', async () => {
    const { ask, asked } = open()
    let requests = 0
    let taken = 0
    const told = { onRequest: () => (requests += 1), onKept: () => (taken += 1) }
    expect(await ask({ notBefore: 50, ...told })).toBe('"kept" of 50')
    expect([asked(), requests, taken]).toEqual([0, 0, 1])
    expect(await ask({ notBefore: 51, ...told })).toBe('"asked 1" of 100')
    expect([asked(), requests, taken]).toEqual([1, 1, 1])
  })

  test('is read when its turn has come, whoever looks for it', async () => {
    const { ask, keeping, turns, holdTurns } = open()
    await ask({ notBefore: 50 })
    expect(turns()).toBe(1)
    let isRead = false
    const goOn = holdTurns()
    const found = keeping.find(path, { notBefore: 0, signal: new AbortController().signal }, () => {
      isRead = true
    })
    await settle()
    expect([turns(), isRead]).toEqual([2, false])
    goOn()
    await found
    expect(isRead).toBe(true)
    // What has to be asked for waits for nobody's turn.
    await ask()
    expect(turns()).toBe(2)
  })

  test('is not for who has Push asked anew, and what came is for the next', async () => {
    const { ask, asked } = open()
    expect(await ask()).toBe('"asked 1" of 100')
    expect(await ask({ notBefore: 100 })).toBe('"asked 1" of 100')
    expect(asked()).toBe(1)
  })

  test.each([
    ['has Push asked anew', undefined],
    ['needs a newer one', 51],
  ])('is nobody’s where another one joins meanwhile who %s', async (_, notBefore) => {
    const { ask, asked, hold } = open()
    const goOn = hold()
    const first = ask({ notBefore: 10 })
    await settle()
    const both = Promise.all([first, ask({ notBefore })])
    goOn()
    expect(await both).toEqual(['"asked 1" of 100', '"asked 1" of 100'])
    expect(asked()).toBe(1)
  })

  test('counts as none where it is no JSON', async () => {
    const { ask } = open({ body: '{"a":' })
    expect(await ask({ notBefore: 0 })).toBe('"asked 1" of 100')
  })

  test('will do where another machine’s clock, which is a little ahead, says when it was asked for', async () => {
    const { ask, asked } = open({ askedAt: 150 })
    expect(await ask({ notBefore: 0 })).toBe('"kept" of 150')
    expect(asked()).toBe(0)
  })

  test('is not given once a write came after it, by whichever process', async () => {
    const { ask, keeping, clock } = open()
    keeping.outdate('/apps')
    expect(await ask({ notBefore: 0 })).toBe('"asked 1" of 100')
    // Of the very moment of the write nobody knows what it holds.
    expect(await ask({ notBefore: 0 })).toBe('"asked 2" of 100')
    await clock.advance(1)
    expect(await ask({ notBefore: 0 })).toBe('"asked 3" of 101')
    expect(await ask({ notBefore: 0 })).toBe('"asked 3" of 101')
  })

  test('is no answer that was asked for before a write and came after it', async () => {
    const { answers, ask, keeping, clock } = open()
    const before = answers.all.get('/apps?')
    // At the moment that both have, nobody can tell which came first.
    keeping.outdate('/apps')
    expect(await ask()).toBe('"asked 1" of 100')
    expect(answers.all.get('/apps?')).toBe(before)
    await clock.advance(1)
    await ask()
    expect(answers.all.get('/apps?')).toMatchObject({ body: '"asked 2"', askedAt: 101 })
  })

  test('is a matter of the list that was changed alone', async () => {
    const { ask, keeping } = open()
    keeping.outdate('/accounts')
    expect(await ask({ notBefore: 0 })).toBe('"kept" of 50')
  })
})

test('what is to be asked for is left to others by who asked, and by who only looks', async () => {
  const { answers, ask, keeping, left } = open()
  await ask({ notBefore: 50 })
  expect(left()).toBe(0)
  await ask({ notBefore: 60 })
  expect(left()).toBe(1)
  answers.all.clear()
  expect(
    await keeping.find(path, { notBefore: 0, signal: new AbortController().signal }, readText),
  ).toBeUndefined()
  expect(left()).toBe(2)
})

test('what cannot be made sense of is not kept', async () => {
  const { answers, keeping, clock } = open()
  answers.all.clear()
  const flights = createSingleFlight(clock)
  const call = { owner: 'o', priority: 'interactive', deadline: 1e12 } as const
  const asking = flights.run(path.path, call, flight =>
    keeping.ask(path, flight, () => {
      throw new Error('no page')
    }),
  )
  await expect(asking).rejects.toThrow('no page')
  expect(answers.all.size).toBe(0)
})
