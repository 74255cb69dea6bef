import { expect, test } from 'vitest'
import { toSvg } from '../../../bench/report/chart.ts'

const chart = {
  name: 'weights',
  title: 'Apples & pears',
  bars: [
    { label: 'a < b', value: 10, text: '10 g', own: true },
    { label: 'pear', value: 5, text: '5 g', own: false },
  ],
  mark: { value: 20, text: 'promised' },
}

const widths = (svg: string): number[] =>
  [...svg.matchAll(/<rect [^>]*width="(\d+)"/g)].map(([, width]) => Number(width))

test('bars are as long as their values, the mark being the longest', () => {
  const [own = 0, other = 0] = widths(toSvg(chart))
  expect(own).toBe(2 * other)
  const [, mark] = /<line x1="(\d+)"/.exec(toSvg(chart)) ?? []
  expect(Number(mark) - 330).toBe(2 * own)
})

test('a value of nothing can still be seen', () => {
  const nothing = { ...chart, bars: [{ label: 'none', value: 0, text: '0', own: true }] }
  expect(widths(toSvg(nothing))).toEqual([1])
})

test('texts cannot break out of the file', () => {
  const svg = toSvg(chart)
  expect(svg).toContain('Apples &amp; pears')
  expect(svg).toContain('a &lt; b')
})
