/** Whose connections are read when one caller sends over many at the same moment. */
import { connect, type Socket } from 'node:net'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { watchConnections } from '../../../src/http/admission/connections.ts'
import { OwnConnections, ReadingTurns } from '../../../src/http/admission/reading-turns.ts'
import { PiecewiseRequest } from '../../../src/http/body-pieces.ts'
import { createCallers } from '../../../src/http/admission/caller.ts'
import { wideLimits } from '../../support/door.ts'

const nextPass = () => new Promise(resolve => setImmediate(resolve))

/** Connections of callers, named `a1`, `a2`, `b1`; `read` says which are. */
const createForTest = (names: readonly string[]) => {
  const loop = { isLate: () => false }
  const turns = new ReadingTurns<ReturnType<typeof open>>(loop)
  const paused = new Set<string>()
  const owns = new Map<string, OwnConnections<ReturnType<typeof open>>>()
  const open = (name: string) => ({
    name,
    caller: name.charAt(0),
    isWaitedFor: false,
    mayWait() {
      return !this.isWaitedFor
    },
    socket: { pause: () => paused.add(name), resume: () => paused.delete(name) },
  })
  const connections = new Map(names.map(name => [name, open(name)]))
  const ownOf = (caller: string) => {
    const own = owns.get(caller) ?? new OwnConnections()
    owns.set(caller, own)
    return own
  }
  const add = (connection: ReturnType<typeof open>) => {
    const own = ownOf(connection.caller)
    own.add(connection)
    turns.opened(connection, own)
  }
  for (const connection of connections.values()) add(connection)
  /** So many requests of that caller in one pass, the last after the time of a turn. */
  const come = (caller: string, count: number) => {
    for (let some = 0; some < count; some += 1) {
      loop.isLate = () => some === count - 1
      turns.came(ownOf(caller))
    }
    loop.isLate = () => false
  }
  return { turns, paused, connections, come }
}

const named = (caller: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${caller}${index + 1}`)

describe('connections of one caller', () => {
  it('wait once several have sent in a pass that took long, a few go on in each pass, more where that is quick', async () => {
    const { paused, come } = createForTest([...named('a', 30), 'b1'])
    come('a', 8)
    expect(paused).toEqual(new Set(named('a', 30)))
    const left: number[] = []
    while (paused.size > 0) {
      await nextPass()
      left.push(paused.size)
    }
    // Half of 8 after the pass that was late, then twice as many each time.
    expect(left).toEqual([26, 18, 2, 0])
  })

  it('are fewer in each pass as long as those take long, with one at least', async () => {
    const { paused, come } = createForTest(named('a', 30))
    come('a', 8)
    const left: number[] = []
    for (let pass = 0; pass < 5; pass += 1) {
      await nextPass()
      left.push(paused.size)
      come('a', 1)
    }
    expect(left).toEqual([26, 24, 23, 22, 21])
  })

  it('are all read where few of them sent, or where it took no time', () => {
    const { paused, come, turns } = createForTest(named('a', 30))
    come('a', 7)
    expect(paused.size).toBe(0)
    for (let some = 0; some < 100; some += 1) turns.came(new OwnConnections())
    expect(paused.size).toBe(0)
  })

  it('are read in turn with those of other callers', async () => {
    const { paused, come } = createForTest([...named('a', 20), ...named('b', 20)])
    come('a', 8)
    come('b', 8)
    await nextPass()
    const go = [...named('a', 20), ...named('b', 20)].filter(name => !paused.has(name))
    expect(go).toEqual(['a1', 'a2', 'b1', 'b2'])
  })

  it('are heard all the time where an answer is waited for', () => {
    const { paused, connections, come } = createForTest(named('a', 10))
    const waited = connections.get('a3')
    if (waited !== undefined) waited.isWaitedFor = true
    come('a', 8)
    expect(paused).toEqual(new Set(named('a', 10).filter(name => name !== 'a3')))
  })

  it('wait from the beginning where there are many, and are forgotten when they close', async () => {
    const { turns, paused, connections } = createForTest(named('a', 35))
    expect(paused).toEqual(new Set(['a33', 'a34', 'a35']))
    turns.closed(connections.get('a34') as never)
    await nextPass()
    expect(paused).toEqual(new Set(['a34']))
  })
})

/** A server for which each pass takes too long; `most` says how often `begin` was called in one pass at most. */
const startLate = async (
  answer: (request: IncomingMessage, response: ServerResponse, begin: () => void) => void,
) => {
  let [came, most, now] = [0, 0, 0]
  const begin = () => {
    if (now === 0) setImmediate(() => (now = 0))
    now += 1
    most = Math.max(most, now)
  }
  const server = createServer({ IncomingMessage: PiecewiseRequest }, (request, response) =>
    answer(request, response, begin),
  )
  watchConnections(server, {
    callers: createCallers({ kind: 'none' }),
    limits: wideLimits,
    loop: { isLate: () => true, giveWay: () => (came += 1) },
    onCutOff: () => expect.fail('none is cut off'),
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const open = async (count: number): Promise<Socket[]> => {
    const crowd: Socket[] = []
    for (let one = 0; one < count; one += 1) {
      const socket = connect({ port, host: '127.0.0.1' })
      onTestFinished(() => void socket.destroy())
      crowd.push(socket)
      await once(socket, 'connect')
    }
    await expect.poll(() => came).toBe(count)
    return crowd
  }
  return { open, most: () => most }
}

const firstLine = async (socket: Socket): Promise<string | undefined> => {
  const [data] = (await once(socket, 'data')) as [Buffer]
  return data.toString().split('\r\n')[0]
}

describe('a server', () => {
  const CROWD = 200
  const head = 'GET / HTTP/1.1\r\nhost: here\r\n\r\n'

  it('answers a crowd that asks at the same moment over many passes, and everybody', async () => {
    const { open, most } = await startLate((_request, response, begin) => {
      begin()
      response.end()
    })
    const crowd = await open(CROWD)
    const answers = crowd.map(firstLine)
    for (let round = 0; round < 2; round += 1) for (const socket of crowd) socket.write(head)
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['HTTP/1.1 200 OK']))
    // Eight of them, of which some had sent twice.
    expect(most()).toBeLessThanOrEqual(16)
  })

  it('reads few bodies in many pieces in one pass, and all of them', async () => {
    const PIECES = 900
    const { open, most } = await startLate((request, response, begin) => {
      request.on('data', begin).on('end', () => response.end())
    })
    const crowd = await open(20)
    const answers = crowd.map(firstLine)
    const body = `${'1\r\nx\r\n'.repeat(PIECES)}0\r\n\r\n`
    for (const socket of crowd)
      socket.write(`POST / HTTP/1.1\r\nhost: here\r\ntransfer-encoding: chunked\r\n\r\n${body}`)
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['HTTP/1.1 200 OK']))
    // With the second it has as much as eight requests, and none is read after that.
    expect(most()).toBeLessThanOrEqual(2 * PIECES)
  })

  it.each([
    ['', ''],
    // Between the pieces of bodies, the first of them are answered before the others are read.
    [' with bodies', 'content-length: 1\r\n'],
  ])(
    'begins few requests%s in one pass of those that are sent behind one another, in their order',
    async (_, more) => {
      const COUNT = 100
      const paths: string[] = []
      const { open, most } = await startLate((request, response, begin) => {
        begin()
        paths.push(request.url ?? '')
        request.resume()
        response.end()
      })
      const [socket] = await open(1)
      const asked = Array.from({ length: COUNT }, (_each, index) => `/${index}`)
      const body = more === '' ? '' : 'x'
      socket
        ?.resume()
        .write(
          asked.map(path => `GET ${path} HTTP/1.1\r\nhost: here\r\n${more}\r\n${body}`).join(''),
        )
      await expect.poll(() => paths.length).toBe(COUNT)
      expect(paths).toEqual(asked)
      // The first, some that go on at once, and as many where the loop comes to what was put off.
      expect(most()).toBeLessThanOrEqual(33)
    },
  )
})
