import type { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createChangeLog } from '../../../src/events/changes/change-log.ts'
import { createChangesInFile } from '../../../src/events/changes/changes-in-file.ts'
import { openEventFile } from '../../../src/events/event-file.ts'
import {
  createEventForgetting,
  type ForgetPlace,
  type ForgottenStep,
  type ToForget,
} from '../../../src/events/forgetting/forgetting.ts'
import { createKnownReading } from '../../../src/events/known/known-reading.ts'
import { resultNow } from '../../../src/events/known/later.ts'
import { createFileNoting } from '../../../src/events/known/noting-in-file.ts'
import { finish } from '../../../src/events/question-work.ts'
import { createWriting } from '../../../src/events/writing.ts'
import type { Told } from '../../../src/model/known-rows.ts'
import type { NewChange } from '../../../src/model/row-changes.ts'
import { delivery, eventOf } from '../../support/deliveries.ts'
import { is, whole } from '../known/told-accounts.ts'

const email = "Jöhn.O'Brien+x@example.com"
const person: ToForget = { kind: 'text', text: email.toLowerCase() }

const fileForTest = (): DatabaseSync => {
  const file = openEventFile(':memory:')
  onTestFinished(() => {
    file.close()
  })
  return file
}

/** Forgets step by step, and says how much went. */
const forget = (file: DatabaseSync, what: ToForget, most = 2): number => {
  const forgetting = createEventForgetting(file)
  let gone = 0
  for (let place: ForgetPlace | undefined = { at: 'events', after: 0 }; place !== undefined;) {
    const step: ForgottenStep = forgetting.forget(what, place, most)
    gone += step.gone
    place = step.next
  }
  return gone
}

const store = (file: DatabaseSync, bodies: Readonly<Record<string, string>>): void => {
  createWriting(file).append(
    Object.entries(bodies).map(([id, body]) => ({ ...eventOf(delivery({ id })), body })),
  )
}

const idsIn = (file: DatabaseSync, sql = 'SELECT id FROM event ORDER BY id'): unknown[] =>
  file
    .prepare(sql)
    .all()
    .map(({ id }) => id)

const change = (objectId: string, old: unknown, now: unknown): NewChange => ({
  ...{ connector: 'default', collection: 'accounts', kind: 'UPDATED', field: 'email', objectId },
  ...{ old, new: now, at: 2_000, learntFrom: 'READ', isOfUse: false },
})

const tell = (file: DatabaseSync, ...all: readonly Told[]): unknown =>
  createFileNoting(file).note(all, { maxBytes: 1e9, now: 1e9 })
const asKnown = (file: DatabaseSync, at: number) =>
  finish(createKnownReading(file).rowsThen('default', 'accounts', at, '', 100)).rows.map(text => {
    const { id, passwordId } = JSON.parse(text) as { id: string; passwordId: string | null }
    return [id, passwordId]
  })

/** Whether what is said to be taken is what there is. */
const bytesAreRight = (file: DatabaseSync): boolean => {
  const { changes, rows } = file
    .prepare(
      `SELECT changes_bytes = (SELECT coalesce(sum(200 + 2 * octet_length(object_id)
          + coalesce(octet_length(old_value), 0) + coalesce(octet_length(new_value), 0)), 0) FROM change) AS changes,
        rows_bytes = (SELECT coalesce(sum(150 + 2 * octet_length(object_id)
          + coalesce(octet_length(row), 0)), 0) FROM known_row) AS rows FROM store`,
    )
    .get() as { changes: unknown; rows: unknown }
  return changes === 1 && rows === 1
}

/** Every letter as JSON may spell it. */
const escaped = (text: string): string =>
  Array.from(
    { length: text.length },
    (_, index) => `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('')

describe('forgetting a person', () => {
  const encoded = encodeURIComponent(email)
  it.each([
    ['as it is', JSON.stringify({ email })],
    ['in other letters', JSON.stringify({ email: email.toUpperCase() })],
    ['composed otherwise', JSON.stringify({ email: email.normalize('NFD') })],
    ['escaped', `{"email":"${escaped(email)}"}`],
    ['in an address', JSON.stringify({ url: `https://x.example/?login_hint=${encoded}&a=1` })],
    [
      'in an address within an address',
      JSON.stringify({ url: `https://x.example/?to=${encodeURIComponent(`/in?as=${encoded}`)}` }),
    ],
    ['in JSON within JSON', JSON.stringify({ raw: JSON.stringify({ email }) })],
  ])('erases an event that holds the address %s, and no other', (_, body) => {
    const file = fileForTest()
    store(file, {
      a: '{"email":"ann@example.com"}',
      b: body,
      c: body,
      d: '{"email":null}',
      e: body,
    })
    expect(forget(file, person)).toBe(3)
    expect(idsIn(file)).toEqual(['a', 'd'])
    expect(file.prepare('SELECT count(*) AS n FROM event_body').get()).toEqual({ n: 2 })
  })

  it('erases changes that hold it in what they are about, the old or the new value', () => {
    const file = fileForTest()
    const url = `https://x.example/?user=${encodeURIComponent(email)}`
    const changes = [change('a', email, null), change('b', null, url), change('c', 'ann', 'bob')]
    for (const of of [...changes, change(`of ${email}`, 1, 2)])
      resultNow(createChangeLog(createChangesInFile(file)).add(of))
    expect(forget(file, person)).toBe(3)
    expect(idsIn(file, 'SELECT object_id AS id FROM change')).toEqual(['c'])
  })

  it('erases objects that events alone tell of', () => {
    const file = fileForTest()
    file.exec(`INSERT INTO other_app (connector, id, domain, times) VALUES
      ('default', 'a', 'x.example/?user=${encodeURIComponent(email).replaceAll("'", "''")}', '{}'),
      ('default', 'b', 'x.example', '{}')`)
    expect(forget(file, person)).toBe(1)
    expect(idsIn(file, 'SELECT id FROM other_app')).toEqual(['b'])
  })
})

it('forgetting a connector erases all that is its own, and nothing of another that names it', () => {
  const file = fileForTest()
  store(file, { a: '{}', b: '{"connector":"gone"}' })
  createWriting(file).append([eventOf(delivery({ id: 'c' }), { connector: 'gone' })])
  for (const of of [{ ...change('a', 1, 2), connector: 'gone' }, change('gone', 1, 2)])
    resultNow(createChangeLog(createChangesInFile(file)).add(of))
  const told = ['a', 'b', 'c'].flatMap(id => [is(id, 10), is(id, 10, id, 'gone')])
  tell(file, ...told, whole(10, 3, 'gone'))
  tell(file, ...told, whole(10, 3))
  expect(forget(file, { kind: 'connector', alias: 'gone' })).toBe(5)
  expect(idsIn(file)).toEqual(['a', 'b'])
  expect(idsIn(file, 'SELECT object_id AS id FROM change')).toEqual(['gone'])
  expect(idsIn(file, 'SELECT connector AS id FROM known_list')).toEqual(['default'])
  expect(idsIn(file, 'SELECT list AS id FROM known_whole')).toEqual(
    idsIn(file, 'SELECT id FROM known_list'),
  )
  expect(asKnown(file, 20).map(([id]) => id)).toEqual(['a', 'b', 'c'])
  expect(bytesAreRight(file)).toBe(true)
})
