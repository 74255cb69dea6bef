import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { openAnswers } from '../../src/answers/open-answers.ts'
import { nothingSpared } from '../../src/answers/tidying.ts'
import { openFiles } from '../../src/app/open-stores.ts'
import { readConfig } from '../../src/config/config.ts'
import { createFakeClock } from '../support/clock.ts'
import { directoryForTest } from '../support/directory.ts'

const question = { tenant: 'tenant', path: '/accounts?limit=200' }

/** A data folder in which an answer is kept, and how many are kept there. */
const folderForTest = async () => {
  const directory = directoryForTest()
  const clock = createFakeClock()
  const terms = { directory, clock, maxBytes: Infinity, keepMs: Infinity, dataKeys: [] }
  const answers = openAnswers(terms)
  const of = { body: '[]', askedAt: clock.now(), dateSeconds: undefined }
  answers.put(question, { connector: 'default' }, of)
  await answers.close()
  clock.jump(1_000)
  const kept = (): unknown => {
    const file = new DatabaseSync(join(directory, 'answers.db'), { readOnly: true })
    try {
      return file.prepare('SELECT count(*) AS count FROM answer').get()?.['count']
    } finally {
      file.close()
    }
  }
  return { directory, clock, kept }
}

/** Its files, opened with those settings. */
const openedForTest = async (
  directory: string,
  clock: ReturnType<typeof createFakeClock>,
  settings: Readonly<Record<string, string>>,
) => {
  const closes: (() => unknown)[] = []
  const nothing = (): void => undefined
  const stores = await openFiles(
    {
      config: readConfig(
        { PUSH_API_KEY: 'key', PUSHGRAPH_DATA_DIR: directory, ...settings },
        directory,
      ),
      clock,
      opens: close => closes.push(close),
      log: { info: nothing, warn: nothing, error: nothing },
      say: nothing,
      onProblem: nothing,
    },
    false,
    () => nothingSpared,
  )
  onTestFinished(async () => {
    for (const close of closes.toReversed()) await close()
  })
  return stores
}

/** After that time the file is tidied up for the first time. */
const TIDIED_AFTER_MS = 5_000

it('lets go of answers that were kept, where none are to be kept any more', async () => {
  const { directory, clock, kept } = await folderForTest()
  expect(kept()).toBe(1)
  const { answers } = await openedForTest(directory, clock, { PUSHGRAPH_KEEP_S: '0' })
  expect(answers).toBeUndefined()
  await clock.advance(TIDIED_AFTER_MS)
  await expect.poll(kept, { timeout: 60_000 }).toBe(0)
})

it('goes on with those that are within their time', async () => {
  const { directory, clock, kept } = await folderForTest()
  const { answers } = await openedForTest(directory, clock, { PUSHGRAPH_KEEP_S: '60' })
  await clock.advance(TIDIED_AFTER_MS)
  const { signal } = new AbortController()
  expect(await answers?.claim(question, 0, signal)).toMatchObject({ kind: 'found' })
  expect(kept()).toBe(1)
})
