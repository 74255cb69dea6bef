/** Follows a section of docs/clients.md word for word, in a folder of its own and with the packages that it names. */
import { execFile, spawn } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { commandFile } from '../product.ts'
import { sectionOf } from './page.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

export interface Followed {
  readonly folder: string
  /** Runs a script of the shell there, and gives what it prints; an error has all that it said. */
  run(script: string): Promise<string>
  /** Runs all commands of the section. */
  runAll(): Promise<string>
  write(name: string, text: string): void
  /** Starts a program there that ends when it is told to. */
  start(command: string, ...args: readonly string[]): Started
}

export interface Started {
  readonly output: () => string
  readonly errors: () => string
  kill(): void
}

export interface Sections {
  /** The folder in which all sections have theirs. */
  readonly folder: string
  /** Writes the files of the section, with that address for the one that the page has. */
  follow(heading: string, url: string): Followed
  /** Writes what the page says before its sections; they have it from then on. */
  begin(): Promise<void>
}

/** For the tests of one file; what they started and wrote is gone after them. `environment` is that of all commands. */
export const sectionsForFile = (
  environment: () => Readonly<Record<string, string>> = () => ({}),
): Sections => {
  const folder = mkdtempSync(join(tmpdir(), 'pushgraph-clients-'))
  const started = new Set<Started>()
  afterAll(() => {
    for (const each of started) each.kill()
    rmSync(folder, { recursive: true, force: true })
  })

  const open = (heading: string, url: string): Followed => {
    const name = join(folder, heading.toLowerCase().replaceAll(/[^a-z]/g, '-'))
    const here = existsSync(name) ? mkdtempSync(`${name}-`) : name
    mkdirSync(here, { recursive: true })
    symlinkSync(join(root, 'examples/clients/node_modules'), join(here, 'node_modules'))
    const { files, commands, modules } = sectionOf(heading)
    const write = (name: string, text: string): void => {
      mkdirSync(dirname(join(here, name)), { recursive: true })
      writeFileSync(join(here, name), addressed(text, url))
    }
    write('package.json', JSON.stringify({ type: modules }))
    for (const { name, text } of files) write(name, text)
    const env = { ...programs(), ...environment() }
    const run = (script: string): Promise<string> =>
      new Promise((resolve, reject) => {
        execFile(
          '/bin/sh',
          ['-ec', addressed(script, url)],
          { cwd: here, env },
          (error, stdout, stderr) => {
            if (error === null) resolve(stdout)
            else reject(new Error(`${script}: ${error.message}\n${stdout}${stderr}`))
          },
        )
      })
    return {
      folder: here,
      run,
      runAll: async () => {
        let said = ''
        for (const script of commands) said += await run(script)
        return said
      },
      write,
      start: (command, ...args) => {
        const child = spawn(command, args, { cwd: here, env })
        let [output, errors] = ['', '']
        child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
        child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
        const program = {
          output: () => output,
          errors: () => errors,
          kill: () => child.kill('SIGKILL'),
        }
        started.add(program)
        return program
      },
    }
  }

  const given = ['schema.graphql', 'possible-types.json']
  return {
    folder,
    begin: async () => {
      await open('Before you begin', '').runAll()
    },
    follow: (heading, url) => {
      const followed = open(heading, url)
      for (const name of given) {
        const file = join(folder, 'before-you-begin', name)
        if (existsSync(file)) copyFileSync(file, join(followed.folder, name))
      }
      return followed
    },
  }
}

/** The page's Pushgraph stands on port 4000, and its clone beside the reader's folder. */
const addressed = (text: string, url: string): string =>
  text
    .replaceAll('http://127.0.0.1:4000', url)
    .replaceAll('ws://127.0.0.1:4000', url.replace('http', 'ws'))
    .replaceAll('npm --prefix ../pushgraph run -s pushgraph --', `node '${commandFile}'`)
    .replaceAll('../pushgraph', root)

/** The reader's Node is the one that Pushgraph runs on. */
const programs = (): Record<string, string> => ({
  PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
  HOME: process.env['HOME'] ?? '',
})
