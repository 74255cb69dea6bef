import { describe, expect, test } from 'vitest'
import type { Lookup } from '../../../src/upstream/contract/contract.ts'
import { createByIdReader } from '../../../src/store/reading/read-one.ts'
import { createTable } from '../../../src/store/table/table.ts'
import { createFakeClock } from '../../support/clock.ts'
import { callAt, createFakeClient } from '../../support/fake-client.ts'
import { rowOf } from '../../support/rows.ts'

/** Apps read by id, of which Push answers what the test says. */
const readerOver = (answer: (id: string) => Lookup<'apps'>, anyRow?: string) => {
  const clock = createFakeClock()
  const table = createTable('apps', 'epoch')
  const asked: string[] = []
  const fake = createFakeClient({ clock, lists: {} })
  const reader = createByIdReader({
    client: {
      ...fake,
      one: (async (_name: string, id: string) => {
        asked.push(id)
        return Promise.resolve(answer(id))
      }) as typeof fake.one,
    },
    table: () => table as never,
    clock,
    anyRow: async () => Promise.resolve(anyRow === undefined ? undefined : { id: anyRow }),
  })
  const read = (id: string) => reader.readOne('apps', id, callAt(clock))
  return { clock, table, asked, fake, reader, read }
}

const absent = (readAt: number, status = 404): Lookup<'apps'> => ({
  kind: 'absent',
  status,
  readAt,
})
const there = (id: string, readAt: number): Lookup<'apps'> => ({
  kind: 'row',
  row: rowOf('apps', { id }),
  readAt,
})

describe('an object that Push does not have', () => {
  test('goes, unless its row was read later than that was said', async () => {
    const { table, fake, read } = readerOver(() => absent(100))
    fake.facts.set('byId apps', 'works')
    table.put(rowOf('apps', { id: 'old' }), 100)
    table.put(rowOf('apps', { id: 'newer' }), 101)
    expect(await read('old')).toBeNull()
    expect(await read('newer')).toBeNull()
    expect([table.get('old')?.id, table.get('newer')?.id]).toEqual([undefined, 'newer'])
  })

  test('is not said to be missing where the only object there is was refused: by id, nothing works', async () => {
    const { asked, reader, read } = readerOver(() => absent(100), 'only')
    expect(await read('only')).toBe('unavailable')
    expect(asked).toEqual(['only'])
    expect(reader.byId('apps')).toBe(false)
  })

  test('is missing where another one is found', async () => {
    const { asked, reader, read } = readerOver(
      id => (id === 'there' ? there(id, 100) : absent(100)),
      'there',
    )
    expect(await read('gone')).toBeNull()
    expect(asked).toEqual(['gone', 'there'])
    expect(reader.byId('apps')).toBe(true)
  })

  test('teaches nothing where there is no object at all', async () => {
    const { reader, read } = readerOver(() => absent(100))
    expect(await read('gone')).toBeNull()
    expect(reader.byId('apps')).toBeUndefined()
  })

  test('is a refusal where Push says that of one it does not let the key read', async () => {
    const { fake, read } = readerOver(() => absent(100, 403))
    fake.facts.set('byId apps', 'works')
    await expect(read('secret')).rejects.toMatchObject({ status: 403 })
  })
})
