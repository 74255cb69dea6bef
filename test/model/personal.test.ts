import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { holdsAddress, isKnownPath, withoutPersons } from '../../src/model/personal.ts'

describe('a body without persons', () => {
  test('keeps words, ids, numbers and what one may group by', () => {
    const body = {
      object: 'LOGIN',
      timestamp: 1_698_604_061,
      new: {
        id: 'emp_1',
        appType: 'ATLASSIAN',
        version: '140.0.0.0',
        language: 'en-GB',
        department: 'Research & Development',
        licensed: true,
        passwordId: null,
        mfaMethods: ['APP_TOTP'],
        loginMethods: { oidcLogin: 'OKTA' },
      },
    }
    expect(withoutPersons(body)).toEqual(body)
  })

  test('has null where a member names somebody, whatever it held', () => {
    for (const value of ['ann@x.example', null, 7, ['Ann'], { name: 'Ann' }])
      expect(withoutPersons({ email: value, new: { firstName: value } })).toEqual({
        email: null,
        new: { firstName: null },
      })
  })

  test('leaves out what is unknown, and what has not the form of its member', () => {
    expect(
      withoutPersons({
        surprise: 1,
        Ann: true,
        appType: 'called by Ann',
        mfaMethods: ['SMS', 'the phone of Ann'],
        id: 'ann@x.example',
        language: 'of Ann and others',
        licensed: 'by Ann',
        timestamp: 'when Ann came',
        department: 'ann@x.example',
        employee: 'Ann',
        employees: ['Ann', { id: '1', email: 'ann@x.example' }],
      }),
    ).toEqual({ mfaMethods: ['SMS'], employees: [{ id: '1', email: null }] })
  })

  test('ends where objects lie within objects without end', () => {
    const deep = (levels: number): object =>
      levels === 0 ? { id: '1' } : { new: deep(levels - 1) }
    expect(withoutPersons(deep(10) as never)).toEqual(deep(10))
    expect(withoutPersons(deep(11) as never)).not.toEqual(deep(11))
    let endless: object = {}
    for (let level = 0; level < 100_000; level += 1) endless = { new: endless }
    expect(() => withoutPersons(endless as never)).not.toThrow()
  })

  test('never holds a text that was put into it with a space, but what one may group by', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const marked = JSON.parse(
          JSON.stringify({ new: value, email: value }, (name, of: unknown) =>
            typeof of === 'string' && !['department', 'location'].includes(name) ? `${of} Ann` : of,
          ),
        ) as Record<string, unknown>
        expect(JSON.stringify(withoutPersons(marked))).not.toContain(' Ann')
      }),
    )
  })
})

test('a path is known where each of its members is', () => {
  expect(['email', 'loginMethods.oidcLogin'].map(isKnownPath)).toEqual([true, true])
  expect(['Ann', 'loginMethods.Ann', 'Ann.id', ''].map(isKnownPath)).toEqual([
    false,
    false,
    false,
    false,
  ])
})

test.each([
  ['ann@x.example', true],
  ['mailto:ann@x.example?subject=hello', true],
  ['https://x.example/?who=ann%40x.example', true],
  ['ann[at]x.example', true],
  ['ann (AT) x', true],
  ['ann＠x.example', true],
  ['Meet @ work', false],
  ['Slack', false],
  ['', false],
])('%j holds an address: %s', (text, expected) => {
  expect(holdsAddress(text)).toBe(expected)
})
