/** Whose connections are read when one caller sends over many at the same moment. */
import { connect, type Socket } from 'node:net'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { watchConnections } from '../../../src/http/admission/connections.ts'
import { OwnConnections, ReadingTurns } from '../../../src/http/admission/reading-turns.ts'
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

describe('a server', () => {
  const CROWD = 200
  const head = 'GET / HTTP/1.1\r\nhost: here\r\n\r\n'

  it('answers a crowd that asks at the same moment over many passes, and everybody', async () => {
    const server = createServer()
    const loop = { isLate: () => true, giveWay: () => (came += 1) }
    let came = 0
    watchConnections(server, {
      callers: createCallers({ kind: 'none' }),
      limits: wideLimits,
      loop,
      onCutOff: () => expect.fail('none is cut off'),
    })
    let [most, now] = [0, 0]
    server.on('request', (_request, response) => {
      if (now === 0) setImmediate(() => (now = 0))
      now += 1
      most = Math.max(most, now)
      response.end()
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const crowd: Socket[] = []
    for (let one = 0; one < CROWD; one += 1) {
      const socket = connect({ port, host: '127.0.0.1' })
      onTestFinished(() => void socket.destroy())
      crowd.push(socket)
      await once(socket, 'connect')
    }
    await expect.poll(() => came).toBe(CROWD)
    const answers = crowd.map(async socket => {
      const [data] = (await once(socket, 'data')) as [Buffer]
      return data.toString().split('\r\n')[0]
    })
    for (let round = 0; round < 2; round += 1) for (const socket of crowd) socket.write(head)
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['HTTP/1.1 200 OK']))
    // Eight of them, of which some had sent twice.
    expect(most).toBeLessThanOrEqual(16)
  })
})
