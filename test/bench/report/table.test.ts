import { describe, expect, test } from 'vitest'
import { figure, ratio, toMarkdown, toText } from '../../../bench/report/table.ts'

const table = {
  title: 'Fruit',
  columns: ['name', 'weight'],
  rows: [
    ['apple', '9'],
    ['a|b', '1,200'],
  ],
}

describe('a table', () => {
  test('on a terminal has its words to the left and its figures to the right', () => {
    expect(toText(table)).toBe(
      ['Fruit', '', 'name   weight', '─────  ──────', 'apple       9', 'a|b     1,200', ''].join(
        '\n',
      ),
    )
  })

  test('in Markdown keeps a bar within its cell', () => {
    expect(toMarkdown(table)).toBe(
      [
        '| name  | weight |',
        '| ----- | -----: |',
        '| apple |      9 |',
        '| a\\|b  |  1,200 |',
      ].join('\n'),
    )
  })
})

describe('a figure', () => {
  test.each([
    [0, '0'],
    [7, '7'],
    [0.1234, '0.12'],
    [12.34, '12.3'],
    [1234.5, '1,235'],
  ])('%d is written %s', (value, text) => {
    expect(figure(value)).toBe(text)
  })

  test('is given as a multiple with two digits', () => {
    expect(ratio(3, 2)).toBe('1.50')
  })
})
