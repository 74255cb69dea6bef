import { Work } from '../../../src/work/work.ts'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { everything } from '../../../src/filter/filter.ts'
import { groupsOf } from '../../../src/query/list/groups.ts'
import type { ConnectorRows } from '../../../src/query/list/collect.ts'
import type { Reader } from '../../../src/query/reading/reader.ts'

test('groups whose rows cannot be read fail, also while what lies around them is still being read', async () => {
  const unheard: unknown[] = []
  const hear = (reason: unknown): void => {
    unheard.push(reason)
  }
  process.on('unhandledRejection', hear)
  let arrive = (): void => undefined
  const around = new Promise<void>(resolve => {
    arrive = resolve
  })
  const reader = { alias: 'default', whole: () => around } as unknown as Reader
  const rows = Promise.reject<readonly ConnectorRows[]>(new Error('no rows'))
  const groups = groupsOf(
    {
      collection: 'accounts',
      readers: [reader],
      collect: () => rows,
      readFilter: () => everything,
      rests: () => undefined,
      work: new Work(),
    },
    { by: ['EMPLOYEE_DEPARTMENT'] },
  )
  const failure = Promise.resolve(groups).catch((error: unknown) => error)
  await nextTurn()
  await nextTurn()
  arrive()
  expect(await failure).toMatchObject({ message: 'no rows' })
  process.off('unhandledRejection', hear)
  expect(unheard).toEqual([])
})
