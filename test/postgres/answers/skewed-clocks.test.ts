/** Replicas whose clocks differ a little: by how far that of the database is off, each has measured on its own way there. */
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/model/clock.ts'
import { openSharedAnswers } from '../../../src/postgres/answers/open-shared-answers.ts'
import { openDatabase } from '../../../src/postgres/connecting/database.ts'
import { graphForTest } from '../../support/graph.ts'
import { createDatabase } from '../../support/postgres.ts'
import { standInForTest } from '../../support/stand-in.ts'

const COUNTS = '{ employees { totalCount } accounts { totalCount } findings { totalCount } }'

test.each([
  ['are right', [0, 0, 0]],
  ['are up to a third of a second off', [0, -300, 40]],
])(
  'replicas that are asked the same ask for no page twice where their clocks %s',
  async (_, off) => {
    const url = await createDatabase()
    const standIn = await standInForTest({ scale: 0.2 })
    const replicas = await Promise.all(
      off.map(async offMs => {
        const database = await openDatabase({ url, clock: systemClock })
        const clock = { ...database.clock, now: () => database.clock.now() + offMs }
        const kept = { maxBytes: Infinity, keepMs: Infinity, dataKeys: [] }
        const answers = openSharedAnswers({ database, clock, ...kept })
        onTestFinished(async () => {
          await answers.close()
          await database.close()
        })
        return graphForTest({ over: [standIn], answers, clock })
      }),
    )
    for (const { errors, data } of await Promise.all(replicas.map(({ run }) => run(COUNTS)))) {
      expect(errors).toEqual([])
      expect(data.accounts.totalCount).toBe(standIn.data.accounts.length)
    }
    // The first page of a list is the same, whatever is thought how many rows it may have.
    const pages = standIn.requests.map(({ route, query }) => `${route} ${query['offset'] ?? ''}`)
    expect(pages.length).toBeGreaterThan(15)
    expect(pages.filter((page, index) => pages.indexOf(page) !== index)).toEqual([])
  },
)
