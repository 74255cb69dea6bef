import { describe, expect, test } from 'vitest'
import { createTable } from '../../../src/store/table/table.ts'
import { hasTwins, noteTwins } from '../../../src/store/reading/ambiguous-letters.ts'
import type { ConnectorStore } from '../../../src/store/store.ts'
import { createFakeClock } from '../../support/clock.ts'
import { callAt } from '../../support/fake-client.ts'
import { graphForTest } from '../../support/graph.ts'
import { rowOf } from '../../support/rows.ts'

const ascii = /^[\0-\x7f]$/iu

/** The letters beyond ASCII that are one of it without regard to case, or once normalized: as Unicode has it. */
const twins = Array.from({ length: 0x3000 - 0x80 }, (_, index) =>
  String.fromCharCode(0x80 + index),
).filter(letter => ascii.test(letter) || ascii.test(letter.normalize('NFC')))

const factsForTest = () => {
  const known = new Map<string, string>()
  const written: string[] = []
  return {
    written,
    get: (name: string) => known.get(name),
    set: (name: string, verdict: string) => {
      known.set(name, verdict)
      written.push(verdict)
    },
    all: () => known,
  }
}

const tableOf = (...emails: readonly string[]) => {
  const table = createTable('accounts', 'epoch')
  for (const [index, email] of emails.entries())
    table.put(rowOf('accounts', { id: `a${index}`, email }), 1)
  return table
}

describe('letters that may be one of ASCII', () => {
  test('are known: the long s, the Kelvin sign, and the others there are', () => {
    expect(twins).toEqual(expect.arrayContaining(['\u017f', '\u212a']))
    for (const letter of twins) {
      const facts = factsForTest()
      noteTwins(tableOf('ann@example.com', `${letter}im@example.com`), facts)
      expect([letter, hasTwins('accounts', facts)]).toEqual([letter, true])
    }
  })

  test('are not those that merely look like one, or have one as a part', () => {
    const facts = factsForTest()
    noteTwins(
      tableOf('ANN@example.com', 'zo\u00eb@example.com', '\u0455am@b.c', 'm\u00fcller@b.c'),
      facts,
    )
    expect(hasTwins('accounts', facts)).toBe(false)
  })

  test('count until a scan meets none any more, and each verdict is noted once', () => {
    const facts = factsForTest()
    for (const email of ['a@b.c', 'a@b.c', '\u212aim@b.c', '\u212aim@b.c', 'kim@b.c', 'kim@b.c'])
      noteTwins(tableOf(email), facts)
    expect(facts.written).toEqual(['ambiguous', 'plain'])
    expect(hasTwins('accounts', facts)).toBe(false)
  })

  test('count in lists alone that Push is asked for by e-mail address', () => {
    const facts = factsForTest()
    const table = createTable('employees', 'epoch')
    table.put(rowOf('employees', { id: 'e', email: '\u212aim@b.c' }), 1)
    noteTwins(table, facts)
    expect(facts.written).toEqual([])
  })
})

const byEmail = { field: 'email', parameter: 'email' }

test('no address is asked of Push by its parameter while a row has one of them', async () => {
  const clock = createFakeClock()
  const { standIn, store } = await graphForTest({ switches: { emailCase: 'ignores' }, clock })
  const connector = store.connector('default') as ConnectorStore
  const call = callAt(clock, { deadline: Number.MAX_SAFE_INTEGER })
  const [row] = standIn.data.accounts
  if (row === undefined) throw new Error('no account')
  await connector.readEmail('accounts', byEmail, row.email.toLowerCase(), call)
  expect(connector.byParameter('accounts', 'email')).toBe(true)
  standIn.insert('accounts', { ...row, id: 'twin', email: '\u212aim@example.com' }, 3)
  await clock.advance(1_000)
  await connector.scan('accounts', clock.now()).until(() => false, call, true)
  expect(connector.byParameter('accounts', 'email')).toBe(false)
  expect(await connector.readEmail('accounts', byEmail, 'kim@example.com', call)).toBe(
    'unavailable',
  )
})
