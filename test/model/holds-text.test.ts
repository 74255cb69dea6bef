import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTextFinder } from '../../src/model/holds-text.ts'
import { runsOr } from '../support/runs.ts'

const holds = (text: string, source: string): boolean => createTextFinder(text)(source)
const email = "Jöhn.O'Brien+x@example.com"

describe('a text is found', () => {
  it.each([
    ['as it is', JSON.stringify({ email })],
    ['in other letters', JSON.stringify({ email: email.toUpperCase() })],
    ['as the name of a member', JSON.stringify({ [email]: 1 })],
    ['within a longer text', JSON.stringify([`mailto:${email};`])],
    ['with every letter escaped', `{"email":"${escaped(email)}"}`],
    [
      'with escapes in capitals',
      `{"email":"${escaped(email).toUpperCase().replaceAll('\\U', '\\u')}"}`,
    ],
    ['in JSON within JSON', JSON.stringify({ raw: JSON.stringify({ email }) })],
    ['escaped in JSON within JSON', JSON.stringify({ raw: `{"email":"${escaped(email)}"}` })],
    ['in an address', JSON.stringify({ url: `https://x/?u=${encodeURIComponent(email)}` })],
    [
      'in an address whose percent signs are escaped',
      `{"u":"${escaped(encodeURIComponent(email))}"}`,
    ],
    ['composed otherwise', JSON.stringify({ email: email.normalize('NFD') })],
    ['in the path of a question', `/employees?email=${encodeURIComponent(email)}&limit=1`],
  ])('%s', (_, source) => {
    expect(holds(email, source)).toBe(true)
    expect(holds(email.toLowerCase(), source)).toBe(true)
  })

  it('with slashes and quotes, whichever way they are escaped', () => {
    for (const source of ['{"a":"x\\/y\\"z\\\\"}', '{"a":"x/y\\u0022z\\u005c"}'])
      expect(holds('x/y"z\\', source)).toBe(true)
  })

  it('however JSON spells it', () => {
    const spelling = fc.constantFrom('as it is', 'escaped', 'JSON')
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.array(spelling, { minLength: 1 }),
        (text, spellings) => {
          const spelt = [...text].map((letter, index) => {
            const how = spellings[index % spellings.length]
            const json = JSON.stringify(letter).slice(1, -1)
            return how === 'escaped' ? escaped(letter) : json
          })
          expect(JSON.parse(`"${spelt.join('')}"`)).toBe(text)
          expect(holds(text, `{"before":"","email":"${spelt.join('')}"}`)).toBe(true)
        },
      ),
      { numRuns: runsOr(300) },
    )
  })
})

describe('a text is not found', () => {
  it.each([
    ['in one that is a letter short', JSON.stringify({ email: email.slice(1) })],
    ['across two texts', JSON.stringify([email.slice(0, 5), email.slice(5)])],
    ['in nothing', ''],
    ['in broken escapes', '{"a":"\\u12"} % %4 \\'],
  ])('%s', (_, source) => {
    expect(holds(email, source)).toBe(false)
  })
})

/** Every letter as JSON may spell it. */
function escaped(text: string): string {
  return Array.from(
    { length: text.length },
    (_, index) => `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('')
}
