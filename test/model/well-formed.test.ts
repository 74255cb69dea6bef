import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson, wellFormed } from '../../src/model/well-formed.ts'

describe('JSON whose texts may hold half a letter', () => {
  it.each([
    ['the first half', String.raw`"Ana \ud83d"`, 'Ana \ufffd'],
    ['the first half in capitals', String.raw`"Ana \uD83D"`, 'Ana \ufffd'],
    ['the second half', String.raw`"\uDE00 Ana"`, '\ufffd Ana'],
    ['both halves the wrong way round', String.raw`"\ude00\ud83d"`, '\ufffd\ufffd'],
    ['a whole letter', String.raw`"\ud83d\ude00"`, '😀'],
    ['no escape but a backslash', String.raw`"\\ud83d"`, String.raw`\ud83d`],
    ['a name', String.raw`{"\ud83d":{"a":["\ud83d"]}}`, { '\ufffd': { a: ['\ufffd'] } }],
    ['none', '{"a":[1,true,null,"x"]}', { a: [1, true, null, 'x'] }],
  ])('is read with %s', (_, json, value) => {
    expect(parseJson(json)).toEqual(value)
  })

  it('keeps a member called __proto__ a member', () => {
    const value = parseJson(String.raw`{"__proto__":{"a":"\ud83d"}}`) as object
    expect(Object.keys(value)).toEqual(['__proto__'])
    expect('a' in value).toBe(false)
  })

  it('is well-formed whatever it holds, and else as it was', () => {
    const texts = fc.string({
      unit: fc.integer({ min: 0, max: 0xffff }).map(n => String.fromCharCode(n)),
    })
    const halves = fc.constantFrom('\ud83d', '\ude00', '\ud83d\ude00', 'a')
    const values = fc.letrec(tie => ({
      value: fc.oneof(
        texts,
        fc.array(halves).map(parts => parts.join('')),
        fc.integer(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(texts, tie('value'), { maxKeys: 4 }),
      ),
    })).value
    fc.assert(
      fc.property(values, value => {
        const json = JSON.stringify(value)
        const read = parseJson(json)
        expect(read).toEqual(wellFormed(JSON.parse(json)))
        // A writer of JSON escapes nothing but halves in this range.
        expect(JSON.stringify(read)).not.toMatch(/(?<!\\)(?:\\\\)*\\ud[89a-f]/)
        if (JSON.stringify(value).isWellFormed() && !/\\ud/.test(json))
          expect(read).toEqual(JSON.parse(json))
      }),
    )
  })

  it('is no JSON where it is none', () => {
    expect(() => parseJson('{')).toThrow(/JSON/)
  })
})
