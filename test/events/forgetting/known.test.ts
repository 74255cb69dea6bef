/** What is known of rows and what changed of them, when some of it is to be forgotten. */
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import type { ToForget } from '../../../src/events/forgetting/forgetting.ts'
import type { Told } from '../../../src/model/known-rows.ts'
import { closeHistories, historyMakers } from '../known/histories.ts'
import { is, whole } from '../known/told-accounts.ts'

const email = "J\u00f6hn.O'Brien+x@example.com"
const person: ToForget = { kind: 'text', text: email.toLowerCase() }

afterAll(closeHistories)

describe.each(historyMakers)('$name', maker => {
  const opened = async () => {
    const history = await maker.open()
    onTestFinished(history.close)
    const { note } = history.noting()
    const { reading, rows } = history
    return {
      ...history,
      tell: (...all: readonly Told[]) => note(all, { maxBytes: 1e9, now: 1e9 }),
      asKnown: async (at: number) =>
        (await reading.rowsThen('default', 'accounts', at, '', 100)).rows.map(text => {
          const row = JSON.parse(text) as { id: string; passwordId: string | null }
          return [row.id, row.passwordId]
        }),
      asOf: async (at: number) => (await reading.listThen('default', 'accounts', at)).asOf,
      values: async (sql: string) => (await rows(() => sql)).map(({ id }) => id),
      /** What is said to be taken, and what there is. */
      bytes: async () => {
        const [found] = await rows(
          table => `SELECT changes_bytes, rows_bytes,
            (SELECT coalesce(sum(200 + 2 * octet_length(object_id) + coalesce(octet_length(old_value), 0)
              + coalesce(octet_length(new_value), 0)), 0) FROM change) AS changes,
            (SELECT coalesce(sum(150 + 2 * octet_length(object_id) + coalesce(octet_length(row), 0)), 0)
              FROM known_row) AS rows FROM ${table}`,
        )
        return {
          said: [found?.['changes_bytes'], found?.['rows_bytes']].map(Number),
          there: [found?.['changes'], found?.['rows']].map(Number),
        }
      },
    }
  }

  it('erases known rows that hold it, and of others what was before a change that held it', async () => {
    const { tell, forget, asKnown, bytes, values, reading } = await opened()
    const first = ['a', 'b', 'c', 'd', email].map(id => is(id, 10))
    await tell(...first, whole(10, 5), is('a', 20, email), is('b', 20, email), is('b', 30, 'x'))
    await tell(is('c', 20, 'y'))
    // Two rows, and the three changes to and from it.
    expect(await forget(person, 2)).toBe(5)
    expect(await asKnown(40)).toEqual([
      ['b', 'x'],
      ['c', 'y'],
      ['d', null],
    ])
    expect((await asKnown(29)).map(([id]) => id)).toEqual(['c', 'd'])
    expect(await asKnown(19)).toEqual([
      ['c', null],
      ['d', null],
    ])
    const { said, there } = await bytes()
    expect(said).toEqual(there)
    // What comes back with the next read is no object that has come.
    await tell(is('a', 50, 'z'))
    expect(await values("SELECT object_id AS id FROM change WHERE kind = 'CREATED'")).toEqual([])
    expect((await reading.listThen('default', 'accounts', 40)).wholeSince).toBeUndefined()
  })

  it('leaves no list whole at a moment at which something was there that is erased', async () => {
    const { tell, forget, asOf } = await opened()
    await tell(is('a', 10), is('b', 10), whole(10, 2), whole(1_000, 2))
    await tell(is('b', 1_500, email), is('b', 1_600, 'x'), whole(2_000, 4), whole(3_000, 4))
    expect(await asOf(1_200)).toBe(1_000)
    expect(await forget(person, 100)).toBe(2)
    expect(await Promise.all([500, 1_200, 1_599, 2_000, 4_000].map(asOf))).toEqual([
      ...[undefined, undefined, undefined],
      ...[2_000, 3_000],
    ])
    await tell(is(email, 3_500))
    expect(await forget(person, 100)).toBe(2)
    expect(await Promise.all([2_000, 4_000].map(asOf))).toEqual([undefined, undefined])
  })

  it('erases changes that hold it in what they are about, the old or the new value', async () => {
    const { tell, forget, values } = await opened()
    const url = `https://x.example/?user=${encodeURIComponent(email)}`
    const ids = ['a', 'b', 'c', `of ${email}`]
    await tell(is('a', 10, email), is('b', 10), is('c', 10, 'ann'), is(`of ${email}`, 10, '1'))
    await tell(...ids.map(id => is(id, 20, id === 'b' ? url : 'bob')), is('b', 30))
    // Four changes, and the row of which the id holds it.
    expect(await forget(person, 3)).toBe(5)
    expect(await values('SELECT object_id AS id FROM change')).toEqual(['c'])
  })

  it('erases all that is a connector\u2019s own, and nothing of another that names it', async () => {
    const { tell, forget, asKnown, bytes, values } = await opened()
    const told = ['a', 'gone'].flatMap(id => [is(id, 10), is(id, 10, id, 'gone')])
    await tell(...told, whole(10, 2, 'gone'))
    await tell(...told, whole(10, 4))
    await tell(is('gone', 20, 'x'), is('a', 20, 'x', 'gone'))
    expect(await forget({ kind: 'connector', alias: 'gone' }, 2)).toBe(3)
    expect(await values('SELECT connector AS id FROM change')).toEqual(['default'])
    expect(await values('SELECT connector AS id FROM known_list')).toEqual(['default'])
    expect(await values('SELECT DISTINCT list AS id FROM known_whole')).toEqual(
      await values('SELECT id FROM known_list'),
    )
    expect((await asKnown(20)).map(([id]) => id)).toEqual(['a', 'gone'])
    const { said, there } = await bytes()
    expect(said).toEqual(there)
  })
})
