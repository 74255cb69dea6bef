import { expect, test } from 'vitest'
import type { CollectionName } from '../../../src/model/rows.ts'
import { createCatchUp } from '../../../src/store/reading/catch-up.ts'
import type { Change } from '../../../src/store/table/follow.ts'
import { createTable, type Table } from '../../../src/store/table/table.ts'
import type { Page } from '../../../src/upstream/contract/contract.ts'
import { createFakeClock } from '../../support/clock.ts'
import { createFakeClient } from '../../support/fake-client.ts'

const changeOf = (collection: CollectionName, at: number): Change => ({
  ...{ collection, type: 'UPDATE', object: { id: 'one' }, at, occurredAt: at / 1_000 },
})

/** A connector whose kept pages were all asked for at 50, with these stored events; it is 100 now. */
const open = (changes: readonly Change[]) => {
  const clock = createFakeClock({ startMs: 100 })
  const tables = new Map<CollectionName, Table>()
  const followed: Change[] = []
  let asked: number[] = []
  const page: Page = {
    ...{ rows: [], nextToken: undefined, promisesMore: false, readAt: 50, sent: 0, unreadable: [] },
  }
  const { client } = createCatchUp({
    client: {
      ...createFakeClient({ clock, lists: {} }),
      kept: async () => page as Page<never>,
    },
    table: name => {
      const table = tables.get(name) ?? createTable(name, 'epoch')
      tables.set(name, table)
      return table
    },
    clock,
    changesSince: async (since, each) => {
      asked = [...asked, since]
      changes.filter(({ at }) => at >= since).forEach(each)
      return true
    },
    follow: change => followed.push(change),
  })
  const take = (name: CollectionName) =>
    client.kept?.(name, {}, { notBefore: 0, signal: new AbortController().signal })
  return { take, followed, asked: () => asked }
}

test('a page that is kept is given once its table has followed what happened since, and nothing else', async () => {
  const own = [changeOf('apps', 60), changeOf('apps', 70)]
  const { take, followed, asked } = open([
    changeOf('apps', 40),
    changeOf('accounts', 55),
    ...own,
    changeOf('accounts', 80),
  ])
  expect((await take('apps'))?.readAt).toBe(50)
  expect(followed).toEqual(own)
  // What is followed is not followed once more.
  await take('apps')
  expect([followed.length, asked()]).toEqual([2, [50]])
})

test('each collection catches up for itself', async () => {
  const { take, followed, asked } = open([changeOf('apps', 60), changeOf('accounts', 70)])
  await take('apps')
  await take('accounts')
  expect(followed.map(({ collection }) => collection)).toEqual(['apps', 'accounts'])
  expect(asked()).toEqual([50, 50])
})
