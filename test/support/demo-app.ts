/** The demo tenant's server in this process, small, for all tests of a file. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { createApp, type PushgraphApp } from '../../src/app.ts'
import { readConfig } from '../../src/config/config.ts'
import { createLog } from '../../src/http/logging/log.ts'

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
  }, 30_000)
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
