/** Signals to the process, and to what started it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { listenForSignals } from '../../src/main/signals.ts'
import { directoryForTest } from '../support/directory.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

const signalled = (terms: { isTerminal?: boolean; isByNpm?: boolean }) => {
  const listeners = new Map<string, () => void>()
  const exits: number[] = []
  let at = 0
  const { stopped, onReload } = listenForSignals(
    {
      on: (signal, listener) => listeners.set(signal, listener),
      exit: code => exits.push(code),
      ppid: 1,
    },
    { isTerminal: false, isByNpm: false, now: () => at, ...terms },
  )
  let isStopped = false
  void stopped.then(() => (isStopped = true))
  return {
    send: async (signal: NodeJS.Signals, atMs = 0) => {
      at = atMs
      listeners.get(signal)?.()
      await Promise.resolve()
    },
    isStopped: () => isStopped,
    exits,
    onReload,
  }
}

describe('a signal', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s asks to stop', async signal => {
    const { send, isStopped, exits } = signalled({})
    await send(signal)
    expect([isStopped(), exits]).toEqual([true, []])
  })

  it('ends the process at once where it is the second one', async () => {
    const { send, exits } = signalled({})
    await send('SIGINT', 0)
    await send('SIGTERM', 1)
    expect(exits).toEqual([143])
  })

  it('that npm hands on beside the group is the same one', async () => {
    const { send, exits } = signalled({ isByNpm: true })
    await send('SIGINT', 0)
    await send('SIGINT', 30)
    expect(exits).toEqual([])
    await send('SIGINT', 5_000)
    expect(exits).toEqual([130])
  })

  it('SIGHUP has files read again where somebody does, and stops where a terminal was closed', async () => {
    const reloads: string[] = []
    const served = signalled({})
    served.onReload(() => reloads.push('read'))
    await served.send('SIGHUP')
    await served.send('SIGHUP')
    expect([reloads.length, served.isStopped(), served.exits]).toEqual([2, false, []])
    const watched = signalled({ isTerminal: true })
    watched.onReload(() => reloads.push('read'))
    await watched.send('SIGHUP')
    expect([reloads.length, watched.isStopped()]).toEqual([2, true])
  })
})

interface Started {
  readonly child: ChildProcess
  readonly port: number
  /** That of the server itself, where the command tells it. */
  readonly told: () => string
  readonly isServing: () => Promise<boolean>
}

/** The server as that command starts it; waits until it serves. */
const startBy = async (
  command: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Started> => {
  const child = spawn(command, args, {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PORT: '0',
      PUSH_API_KEY: 'key',
      PUSH_API_URL: 'http://127.0.0.1:9/v1',
      PUSHGRAPH_DATA_DIR: directoryForTest(),
      ...environment,
    },
  })
  let told = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (told += text))
  onTestFinished(() => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL')
    } catch {
      // All of the group have ended.
    }
  })
  await expect.poll(() => told).toMatch(/GraphQL {3}http/)
  const port = Number(/GraphQL {3}http:\/\/127\.0\.0\.1:(\d+)/.exec(told)?.[1])
  const isServing = () =>
    new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1')
      socket.on('connect', () => {
        socket.destroy()
        resolve(true)
      })
      socket.on('error', () => {
        resolve(false)
      })
    })
  return { child, port, told: () => told, isServing }
}

describe('the server stops', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'when npm start is sent %s, and npm waits for it',
    async signal => {
      const { child, told, isServing } = await startBy('npm', ['start'])
      const ended = new Promise(resolve => child.once('exit', resolve))
      child.kill(signal)
      await ended
      expect(await isServing()).toBe(false)
      // What it said last may still be in the pipe.
      await expect.poll(told).toContain('"msg":"stopped"')
    },
  )

  it('once though npm and the server are both sent the signal', async () => {
    const { child, told } = await startBy('npm', ['start'])
    const ended = new Promise(resolve => child.once('exit', resolve))
    process.kill(-(child.pid ?? 0), 'SIGINT')
    await ended
    await expect.poll(told).toContain('"msg":"stopped"')
  })

  const serving = `"${process.execPath}" bin/pushgraph.js serve`

  it('when the shell that npx starts it by is gone', async () => {
    const { child, isServing, told } = await startBy('sh', ['-c', `${serving}; true`], {
      npm_lifecycle_event: 'npx',
    })
    child.kill('SIGTERM')
    await expect.poll(isServing).toBe(false)
    await expect.poll(told).toContain('"msg":"stopped"')
  })

  it('not when another shell is gone, that it was left behind by', async () => {
    const { child, isServing, told } = await startBy('sh', [
      '-c',
      `${serving} & echo "pid $!"; wait`,
    ])
    const ended = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
    const pid = Number(/pid (\d+)/.exec(told())?.[1])
    // It hears its own signals as ever; what is no terminal can be no closed one.
    process.kill(pid, 'SIGHUP')
    await expect.poll(told).toContain('SIGHUP')
    expect(await isServing()).toBe(true)
    process.kill(pid, 'SIGTERM')
    await expect.poll(isServing).toBe(false)
  })
})
