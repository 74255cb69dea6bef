import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkJson } from '../../src/http/json-size.ts'

const list = (count: number, part: string): string =>
  `[${Array<string>(count).fill(part).join(',')}]`

/** Different texts of ten letters. */
const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `"${String(index).padStart(10, 'a')}"`)

const escaped = (text: string): string =>
  text.replace(
    /[^"]/g,
    letter => String.raw`\u` + letter.charCodeAt(0).toString(16).padStart(4, '0'),
  )

const objectOf = (names: readonly string[]): string =>
  `{${names.map(name => `${name} : 1`).join(',')}}`

describe('JSON that is as large as it may be passes, and larger one does not', () => {
  test.each<[most: number, what: string, make: (count: number) => string]>([
    [200, 'brackets within one another', count => '['.repeat(count) + ']'.repeat(count)],
    [200, 'brackets within one another', count => '{"a":'.repeat(count) + '1' + '}'.repeat(count)],
    [25_000, 'objects and lists', count => list(count - 1, '{}')],
    [25_000, 'objects and lists', count => list(count - 1, '[]')],
    [
      25_000,
      'members of objects',
      count => list(count, '"a":1').replace('[', '{').replace(']', '}'),
    ],
    [2_000, 'different names of members', count => objectOf(numbered(count))],
    [
      2_000,
      'different names of members',
      count =>
        `[${numbered(count)
          .map(named => objectOf([named]))
          .join(',')}]`,
    ],
    [20_000, 'different texts of 10 letters or less', count => `[${numbered(count).join(',')}]`],
    [
      20_000,
      'different texts of 10 letters or less',
      count =>
        `[${numbered(count)
          .map(text => text.replace('"aaa', String.raw`"\u0061`))
          .join(',')}]`,
    ],
    // Each of ten letters, and each letter as long as one may be written.
    [
      20_000,
      'different texts of 10 letters or less',
      count => `[${numbered(count).map(escaped).join(',')}]`,
    ],
    [100_000, 'parts', count => list(count + 1, '1')],
  ])('%i %s', (most, what, make) => {
    expect(() => {
      checkJson(make(most))
    }).not.toThrow()
    expect(() => {
      checkJson(make(most + 1))
    }).toThrow(`more than the ${most} ${what}`)
  })
})

test('names and short texts count once, however often they come, and long ones not at all', () => {
  const names = numbered(2_000)
  const long = [
    ...Array.from({ length: 20_000 }, (_, index) => `"${String(index).padStart(11, 'a')}"`),
    ...numbered(20_001).map(text => escaped(text).replace('"', '"b')),
  ]
  expect(() => {
    checkJson(`[${Array<string>(12).fill(objectOf(names)).join(',')},${long.join(',')}]`)
  }).not.toThrow()
})

test('what stands in texts is no bracket, however it is written', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', 'a') })), texts => {
      const padding = ' '.repeat(201)
      expect(() => {
        checkJson(JSON.stringify([...texts, '['.repeat(300), '\\', '{"'.repeat(300)]) + padding)
      }).not.toThrow()
      expect(() => {
        checkJson(`[${JSON.stringify(texts)},${'['.repeat(200)}`)
      }).toThrow('200 brackets')
    }),
  )
})

test.each(['"', '"\\', '\\"'.repeat(200), '}'.repeat(300), ''])(
  'what is no JSON is left to the parser: %j',
  text => {
    expect(() => {
      checkJson(text.padEnd(300))
    }).not.toThrow()
  },
)
