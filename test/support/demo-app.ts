/** The demo tenant's server in this process, small, for all tests of a file. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import { createApp, type PushgraphApp } from '../../src/app.ts'
import { readConfig } from '../../src/config/config.ts'
import { createLog } from '../../src/http/logging/log.ts'
import { systemClock } from '../../src/model/clock.ts'
import { directoryForTest } from './directory.ts'

export interface DemoApp extends Pick<PushgraphApp, 'requestsMade'> {
  /** Where it answers `/graphql`, once the tests run. */
  readonly url: string
}

/**
 * Starts it before the tests of the file that calls this, and stops it after them: by then it has logged no error.
 * `settings` are further ones, for its data folder.
 */
export const demoAppForFile = (
  settings: (directory: string) => Readonly<Record<string, string>> = () => ({}),
): DemoApp => {
  const directory = mkdtempSync(join(tmpdir(), 'pushgraph-'))
  const logged: string[] = []
  let app: PushgraphApp
  let url = ''
  beforeAll(async () => {
    const environment = {
      PORT: '0',
      PUSHGRAPH_DATA_DIR: directory,
      PUSHGRAPH_DEMO_SCALE: '0.05',
      PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
      ...settings(directory),
    }
    const destination = { write: (line: string) => void logged.push(line) }
    app = await createApp(
      readConfig(environment, directory),
      createLog({ level: 'error', readable: false, destination }),
    )
    url = `${await app.listen()}/graphql`
  })
  afterAll(async () => {
    await app.stop(0)
    rmSync(directory, { recursive: true, force: true })
    expect(logged).toEqual([])
  })
  return {
    get url() {
      return url
    },
    requestsMade: () => app.requestsMade(),
  }
}

export interface AppBesideFiles {
  readonly directory: string
  /** Writes a file, by its path in the directory. */
  readonly put: (name: string, text: string) => void
  readonly app: PushgraphApp
  /** `http://host:port` */
  readonly url: string
  /** What it has logged. */
  readonly lines: string[]
}

/** The same for the running test, as small as it can be, beside these files, of which some may be in a folder `docs`. */
export const demoAppBeside = async (
  files: Readonly<Record<string, string>>,
  settings: Readonly<Record<string, string>> = {},
): Promise<AppBesideFiles> => {
  const directory = directoryForTest()
  const put = (name: string, text: string): void => {
    writeFileSync(join(directory, name), text)
  }
  mkdirSync(join(directory, 'docs'))
  for (const [name, text] of Object.entries(files)) put(name, text)
  const environment = {
    PORT: '0',
    PUSHGRAPH_DATA_DIR: join(directory, 'data'),
    PUSHGRAPH_DEMO_SCALE: '0.01',
    PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
    PUSHGRAPH_DEMO_LATENCY_MS: '1',
    ...settings,
  }
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  const log = createLog({ level: 'info', readable: false, destination })
  const read = () => readConfig(environment, directory)
  const app = await createApp(read(), log, systemClock, read)
  onTestFinished(() => app.stop(0))
  return { directory, put, app, url: await app.listen(), lines }
}
