import { expect, onTestFinished, test } from 'vitest'
import { openEventFile } from '../../src/events/event-file.ts'
import { readPage } from '../../src/events/page.ts'
import { finish } from '../../src/events/question-work.ts'
import { createRowTests } from '../../src/events/row-tests.ts'
import { createWriting } from '../../src/events/writing.ts'
import { everything } from '../../src/filter/filter.ts'
import { delivery, eventOf } from '../support/deliveries.ts'

test('bodies that are too large together are not read', () => {
  const database = openEventFile(':memory:')
  onTestFinished(() => {
    database.close()
  })
  const body = JSON.stringify({ text: 'é'.repeat(500) })
  const made = ['a', 'b'].map(id => ({
    ...eventOf(delivery({ id }), { receivedAt: 1_000 }),
    body,
  }))
  createWriting(database).append(made)
  const bytes = 2 * Buffer.byteLength(body)
  const read = (mostBytes: number) =>
    finish(
      readPage(
        { database, tests: createRowTests(database) },
        {
          list: 'events',
          parts: [{ connectors: ['default'], filter: everything }],
          ordering: 'arrival',
          from: undefined,
          until: undefined,
          backward: false,
          limit: 2,
        },
        2,
        mostBytes,
      ),
    )
  expect(read(bytes)).toHaveLength(2)
  expect(() => read(bytes - 1)).toThrow(
    expect.objectContaining({
      code: 'BUDGET_EXCEEDED',
      fields: { limit: 'event bytes', value: bytes, max: bytes - 1 },
    }),
  )
})
