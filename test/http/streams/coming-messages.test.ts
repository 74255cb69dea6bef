/** Messages of a WebSocket that come faster than they are read. */
import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import type { BodyTurns } from '../../../src/http/bodies.ts'
import { takeMessages } from '../../../src/http/streams/coming-messages.ts'
import { settle } from '../../support/clock.ts'
import { createDoor } from '../../support/door.ts'

/** A connection whose messages have their turn when the test says so, and what is taken and held for its caller. */
const connectionForTest = (limits: Parameters<typeof createDoor>[0] = {}) => {
  const door = createDoor(limits)
  const turns: { readonly go: () => void }[] = []
  let isCrowded = false
  const ended: [code: number, why: string][] = []
  const connected = Object.assign(new EventEmitter(), {
    readyState: 1,
    OPEN: 1,
    close: (code: number, why: string) => {
      connected.readyState = 2
      ended.push([code, why])
    },
    terminate: () => connected.emit('close'),
  })
  const socket = Object.assign(new EventEmitter(), { pause: () => undefined })
  const taken: string[] = []
  takeMessages(
    connected as unknown as WebSocket,
    socket as unknown as Socket,
    {
      callerNow: () => 'hostile',
      held: door.bodies,
      turns: {
        takesOne: () => !isCrowded,
        soon: (waiter: (typeof turns)[number]) => turns.push(waiter),
        delete: (waiter: (typeof turns)[number]) => {
          turns.splice(turns.indexOf(waiter), 1)
          return true
        },
      } as unknown as BodyTurns,
      messageTimeoutMs: 60_000,
    },
    text => taken.push(text.trim()),
  )
  return {
    taken,
    turns,
    ended,
    isCrowded: (is: boolean) => {
      isCrowded = is
    },
    heldBytes: () => door.counts().bodyBytes,
    refusals: () => door.counts().refused.get('PUSHGRAPH_MAX_BODIES_MB') ?? 0,
    /** Bytes come of a message that is not whole; they are looked at before this resolves. */
    receive: async (bytes: number) => {
      socket.emit('data', Buffer.alloc(bytes))
      await settle()
    },
    send: (text: string, bytes = text.length) => {
      connected.emit('message', Buffer.from(text.padEnd(bytes)))
    },
    close: () => {
      connected.readyState = 3
      connected.emit('close')
    },
  }
}

it('takes what is short at once, and what is long in its turn, with all that came after it', () => {
  const { send, taken, turns, heldBytes } = connectionForTest()
  send('short', 16_383)
  expect([taken, turns.length, heldBytes()]).toEqual([['short'], 0, 0])
  send('long', 16_384)
  send('after')
  expect([taken, turns.length, heldBytes()]).toEqual([['short'], 2, 16_384 + 5 + 2 * 1_024])
  for (const { go } of turns.splice(0)) go()
  expect([taken, heldBytes()]).toEqual([['short', 'long', 'after'], 0])
  send('short again')
  expect(taken.at(-1)).toBe('short again')
})

it('takes nothing for who has left, and holds none of it', () => {
  const { send, taken, turns, heldBytes, close } = connectionForTest()
  for (let index = 0; index < 10; index += 1) send('long', 20_000)
  close()
  expect([taken, turns, heldBytes()]).toEqual([[], [], 0])
})

it('counts what has come of a message, each byte once, until it is whole', async () => {
  const { receive, send, heldBytes, ended, close } = connectionForTest()
  await receive(1_000)
  await receive(500)
  expect(heldBytes()).toBe(1_500)
  send('whole', 1_500)
  expect(heldBytes()).toBe(0)
  await receive(700)
  close()
  expect([heldBytes(), ended]).toEqual([0, []])
})

it('cuts off who sends more of a message than may be held, and counts none of what was refused', async () => {
  const { receive, heldBytes, ended, close } = connectionForTest({
    bodyBytes: { perCaller: 1_000, inAll: 10_000 },
  })
  await receive(1_000)
  expect([heldBytes(), ended]).toEqual([1_000, []])
  await receive(1)
  expect([heldBytes(), ended]).toEqual([1_000, [[4429, 'PUSHGRAPH_MAX_BODIES_MB']]])
  await receive(1_000)
  expect(heldBytes()).toBe(1_000)
  close()
  expect(heldBytes()).toBe(0)
})

it('refuses one message of who is cut off, and looks at none of those that were in hand behind it', () => {
  const { send, turns, refusals, ended, isCrowded } = connectionForTest({
    bodyBytes: { perCaller: 3_000, inAll: 10_000 },
  })
  isCrowded(true)
  for (let index = 0; index < 10; index += 1) send('flood')
  expect([turns.length, refusals(), ended]).toEqual([2, 1, [[4429, 'PUSHGRAPH_MAX_BODIES_MB']]])
  for (const { go } of turns.splice(0)) go()
  send('one more')
  expect([turns.length, refusals()]).toEqual([0, 1])
})

it('has what is short wait for its turn, too, where as much as may be at once has come over others', () => {
  const { send, taken, turns, heldBytes, isCrowded } = connectionForTest()
  isCrowded(true)
  send('short')
  send('after it')
  isCrowded(false)
  send('behind both')
  expect([taken, turns.length]).toEqual([[], 3])
  for (const { go } of turns.splice(0)) go()
  expect([taken, heldBytes()]).toEqual([['short', 'after it', 'behind both'], 0])
})
