import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvOf } from '../../../../../src/http/pages/graphiql/answer/csv.ts'

/** Reads what RFC 4180 allows, letter by letter. */
const readCsv = (text: string): string[][] => {
  const records: string[][] = [[]]
  let field = ''
  let isQuoted = false
  for (let n = 0; n < text.length; n += 1) {
    const letter = text[n] ?? ''
    if (isQuoted && letter === '"' && text[n + 1] === '"') {
      field += '"'
      n += 1
    } else if (letter === '"') isQuoted = !isQuoted
    else if (!isQuoted && (letter === ',' || letter === '\n')) {
      records.at(-1)?.push(field)
      field = ''
      if (letter === '\n') records.push([])
    } else if (isQuoted || letter !== '\r') field += letter
  }
  return records.slice(0, -1)
}

const cell = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('"', ',', '\r', '\n', ' ', 'a', '=', '-', '1', '\t'),
    maxLength: 8,
  }),
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.constant(null),
)

test('what is read from the file is what stood in the table, with an apostrophe before formulas', () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 4 })
        .chain(width =>
          fc.tuple(
            fc.array(fc.string(), { minLength: width, maxLength: width }),
            fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 4 }),
          ),
        ),
      ([columns, rows]) => {
        const text = csvOf(columns, rows)
        expect(text.startsWith('\uFEFF')).toBe(true)
        const read = readCsv(text.slice(1))
        const expected = [columns, ...rows].map(cells =>
          cells.map(value => {
            const written = value === null ? '' : String(value)
            const isFormula = typeof value === 'string' && /^[=+\-@\t\r]/.test(written)
            return isFormula && !/^[+-]?\d+(\.\d+)?$/.test(written) ? `'${written}` : written
          }),
        )
        expect(read).toEqual(expected)
      },
    ),
  )
})

test.each([
  ['=HYPERLINK("http://evil.example","ok")', `"'=HYPERLINK(""http://evil.example"",""ok"")"`],
  ['+1 555 0100', "'+1 555 0100"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['-2+3', "'-2+3"],
  ['-2.5', '-2.5'],
  [-2, '-2'],
  ['a, b', '"a, b"'],
  [' left', '" left"'],
  ['Zoë', 'Zoë'],
])('%s is written as %s', (value, written) => {
  expect(csvOf(['x'], [[value]])).toBe(`\uFEFFx\r\n${written}\r\n`)
})
