/** A program in a process of its own, which has said where it listens. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'

export interface Child {
  /** What the pattern caught of what it said. */
  readonly said: string
  readonly pid: number
  /** Milliseconds of processor time that it has taken so far, all threads together. */
  readonly cpuMs: () => number
  /** Asks it to end, and resolves when it has. */
  readonly stop: () => Promise<void>
}

export interface Start {
  /** Of Node itself, before the program. */
  readonly nodeArguments?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly directory?: string
  /** What it says when it is ready, with a group for what matters of it. */
  readonly ready: RegExp
  /** Kills it at once when it aborts, wherever it stands. */
  readonly signal?: AbortSignal
}

/**
 * Starts a program of Node's and waits until it is ready.
 *
 * @throws {Error} with what it said, when it ends instead
 */
export const startChild = async (
  program: readonly string[],
  { nodeArguments = [], environment = {}, directory = tmpdir(), ready, signal }: Start,
): Promise<Child> => {
  const child = spawn(process.execPath, [...nodeArguments, ...program], {
    cwd: directory,
    // Nothing of the settings here is to reach it; Node itself needs no more than this.
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal, killSignal: 'SIGKILL' }),
  })
  const killIt = (): void => {
    child.kill('SIGKILL')
  }
  process.once('exit', killIt)
  const ended = new Promise<void>(resolve => {
    child.once('close', () => {
      process.off('exit', killIt)
      resolve()
    })
  })

  const said = await new Promise<string>((resolve, reject) => {
    let text = ''
    let isReady = false
    const hear = (part: Buffer): void => {
      if (isReady) return
      text += part.toString()
      const found = ready.exec(text)?.[1]
      if (found === undefined) return
      isReady = true
      resolve(found)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('error', reject)
    void ended.then(() => {
      reject(new Error(`${program.join(' ')} ended before it was ready: ${text}`))
    })
  })

  const pid = child.pid ?? 0
  return {
    said,
    pid,
    cpuMs: () => cpuMsOf(pid),
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

/**
 * Milliseconds of processor time that a process has taken so far, all threads together. Linux counts in hundredths of a second,
 * in the 14th and 15th field; the second, a name, may have blanks.
 */
export const cpuMsOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
