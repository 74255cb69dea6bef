/**
 * A process that runs as in a container, as far as this machine lets us: as process 1 of its own, as a user who is not
 * root and has no capability, on a file system that is read-only but for one folder.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chownSync, readdirSync, readFileSync } from 'node:fs'

export interface ContainedOptions {
  /** The folder that everything stands in. */
  readonly folder: string
  /** A folder in it that can be written. */
  readonly writable: string
  readonly user: number
  readonly environment: Readonly<Record<string, string>>
}

export interface Contained {
  readonly output: () => string
  readonly errors: () => string
  readonly kill: (signal: NodeJS.Signals) => void
  readonly ended: Promise<{ readonly exitCode: number | null }>
}

/** What of a container this machine can do. */
export const canContain: 'all' | 'user' | 'nothing' =
  process.getuid?.() !== 0
    ? 'nothing'
    : spawnSync('unshare', ['--mount', '--pid', '--fork', 'setpriv', '--version']).status === 0
      ? 'all'
      : 'user'

/** Makes the mounts, then becomes what is to run. */
const SCRIPT = `
set -eu
mount --bind "$1" "$1"
mount --bind "$2" "$2"
mount -o remount,bind,ro "$1"
mount -o remount,bind,ro /
cd "$1"
user=$3
shift 3
exec setpriv --reuid="$user" --regid="$user" --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
`

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts that command. Whoever starts it waits until it has ended. */
export const startContained = (
  [command = '', ...args]: readonly string[],
  { folder, writable, user, environment }: ContainedOptions,
): Contained => {
  if (canContain !== 'nothing') chownSync(writable, user, user)
  const isWhole = canContain === 'all'
  const child = isWhole
    ? spawn(
        'unshare',
        [
          ...['--mount', '--pid', '--fork', '--kill-child'],
          ...['sh', '-c', SCRIPT, 'sh', folder, writable, String(user), command, ...args],
        ],
        { env: { PATH: process.env['PATH'], ...environment } },
      )
    : spawn(command, args, {
        cwd: folder,
        env: environment,
        ...(canContain === 'user' && { uid: user, gid: user }),
      })
  running.add(child)
  child.stdin.end()
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))

  return {
    output: () => output,
    errors: () => errors,
    kill: signal => {
      const { pid } = child
      if (!isWhole || pid === undefined || child.exitCode !== null) child.kill(signal)
      else process.kill(childOf(pid), signal)
    },
    ended: new Promise((resolve, reject) => {
      child.on('error', reject).on('close', exitCode => {
        running.delete(child)
        resolve({ exitCode })
      })
    }),
  }
}

/** The one process that it has started. */
const childOf = (pid: number): number => {
  for (const name of readdirSync('/proc').filter(each => /^\d+$/.test(each)))
    try {
      // After the name, which stands in brackets: the state, and who started it.
      const [, parent] = (readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1] ?? '').split(
        ' ',
      )
      if (Number(parent) === pid) return Number(name)
    } catch {
      // It has ended meanwhile.
    }
  throw new Error(`Process ${pid} has started none`)
}
