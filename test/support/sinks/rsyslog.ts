/** A real rsyslog out of Debian's packages, which receives by TLS and writes what it understood into a file. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { fileOfPackage } from '../debian-package.ts'
import { certificateFile } from './certificates.ts'

/** Its two ways to do TLS, by its own names. */
export type RsyslogDriver = 'ossl' | 'gtls'

interface Rsyslog {
  readonly program: string
  /** Where its own parts lie, and the libraries that it needs. */
  readonly modules: string
  readonly libraries: readonly string[]
}

const driverPackages: Readonly<Record<RsyslogDriver, string>> = {
  ossl: 'rsyslog-openssl',
  gtls: 'rsyslog-gnutls',
}

/** Where it lies; undefined where there is none, which is said on stderr in one line. */
export const findRsyslog = (driver: RsyslogDriver): Rsyslog | undefined => {
  const parts = [
    fileOfPackage('rsyslog', 'usr/sbin/rsyslogd'),
    fileOfPackage('rsyslog', 'usr/lib/*/rsyslog/imtcp.so'),
    fileOfPackage(driverPackages[driver], `usr/lib/*/rsyslog/lmnsd_${driver}.so`),
    fileOfPackage('libestr0', 'usr/lib/*/libestr.so.0'),
    fileOfPackage('libfastjson4', 'usr/lib/*/libfastjson.so.4'),
  ]
  const missing = parts.find(part => 'reason' in part)
  const [program, ...others] = parts.flatMap(part => ('path' in part ? [part.path] : []))
  if (missing !== undefined || program === undefined) {
    process.stderr.write(
      `Not tried: syslog with Debian's rsyslog, since ${missing?.reason ?? 'it is not whole'}\n`,
    )
    return undefined
  }
  const [module = '', tls = '', ...libraries] = others.map(dirname)
  return { program, modules: `${module}:${tls}`, libraries }
}

export interface RunningRsyslog {
  readonly port: number
  /** What it understood, a message a line: priority, time, host, app, kind, data and text, with tabs between. */
  lines(): readonly (readonly string[])[]
  /** What stands in the file that docs/sinks.md has it write. */
  file(): string
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** What docs/sinks.md shows of its settings, with our certificates, and its file in that folder. */
const documentedFor = (driver: RsyslogDriver, folder: string, listening: string): string => {
  const page = readFileSync(new URL('../../../docs/sinks.md', import.meta.url), 'utf8')
  const [, shown = ''] = /```text\n(global\([\s\S]*?)```/.exec(page) ?? []
  expect(shown).toContain('port="6514"')
  return shown
    .replaceAll('"gtls"', `"${driver}"`)
    .replaceAll(/\/etc\/rsyslog\.d\/([a-z-]+\.pem)/g, (_, name: string) => certificateFile(name))
    .replace('pushgraph.example.com', 'pushgraph.test')
    .replace('port="6514"', listening)
    .replace('/var/log/push.ndjson', join(folder, 'push.ndjson'))
}

/** Starts it in that folder, where what came before stays, until the running test ends; `port` 0 takes a free one. */
export const startRsyslog = async (
  { program, modules, libraries }: Rsyslog,
  driver: RsyslogDriver,
  folder: string,
  port = 0,
): Promise<RunningRsyslog> => {
  const output = join(folder, 'received')
  const portFile = join(folder, `port-${Date.now()}`)
  const configuration = join(folder, 'rsyslog.conf')
  writeFileSync(
    configuration,
    `${documentedFor(driver, folder, `port="${port}" listenPortFileName="${portFile}"`)}
template(name="understood" type="list") {
  property(name="pri") constant(value="\\t")
  property(name="timereported" dateFormat="rfc3339") constant(value="\\t")
  property(name="hostname") constant(value="\\t")
  property(name="app-name") constant(value="\\t")
  property(name="msgid") constant(value="\\t")
  property(name="structured-data") constant(value="\\t")
  property(name="msg") constant(value="\\n")
}
action(type="omfile" file="${output}" template="understood")
`,
  )
  const child = spawn(program, ['-n', '-f', configuration, '-i', 'NONE', '-M', modules], {
    env: { LD_LIBRARY_PATH: libraries.join(':') },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise<void>(resolve => {
    child.once('close', () => resolve())
  })
  const stop = (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    child.kill(signal)
    return ended
  }
  onTestFinished(() => stop('SIGKILL'))
  const readPort = (): number => Number(readFileSync(portFile, 'utf8'))
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  await expect
    .poll(
      () => {
        if (child.exitCode !== null) throw new Error(`rsyslog ended instead of serving: ${said}`)
        // It names a port only where it was to find one.
        return port === 0 ? existsSync(portFile) && readPort() > 0 : listens(port)
      },
      { interval: 20 },
    )
    .toBe(true)
  return {
    port: port === 0 ? readPort() : port,
    lines: () => {
      const text = existsSync(output) ? readFileSync(output, 'utf8') : ''
      // The last one may not be whole yet.
      return text
        .split('\n')
        .slice(0, -1)
        .map(line => line.split('\t'))
    },
    file: () => {
      const path = join(folder, 'push.ndjson')
      return existsSync(path) ? readFileSync(path, 'utf8') : ''
    },
    stop,
  }
}

const listens = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => resolve(false))
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
