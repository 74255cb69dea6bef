import type { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createNoting } from '../../src/events/changes/noting.ts'
import { openEventFile } from '../../src/events/event-file.ts'
import { createEventForgetting, type ToForget } from '../../src/events/forgetting.ts'
import { createWriting } from '../../src/events/writing.ts'
import type { NewChange } from '../../src/model/row-changes.ts'
import { delivery, eventOf } from '../support/deliveries.ts'

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
  for (let after: number | undefined = 0; after !== undefined;) {
    const step = forgetting.forget(what, after, most)
    gone += step.gone
    after = step.next
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
  ...{ old, new: now, at: 2_000, since: 1_000, learntFrom: 'READ', isOfUse: false },
})

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
    createNoting(file).note([...changes, change(`of ${email}`, 1, 2)], 1_000_000)
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
  createNoting(file).note(
    [{ ...change('a', 1, 2), connector: 'gone' }, change('gone', 1, 2)],
    10_000,
  )
  expect(forget(file, { kind: 'connector', alias: 'gone' })).toBe(2)
  expect(idsIn(file)).toEqual(['a', 'b'])
  expect(idsIn(file, 'SELECT object_id AS id FROM change')).toEqual(['gone'])
})
